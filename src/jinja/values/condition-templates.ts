const piece = /(['"])|\{\{|\{%|\{#/g;

// Around a template that is an operand of its own. Elsewhere it is a part of a name, or what stands behind it asks for more.
const before = /(^|[=<>!+\-*/%~([,]|\b(and|or|not|in|if|else))$/;
const behind = /^($|[=<>!+\-*/%~)\],|]|(and|or|not|in|is|if|else)\b)/;

/**
 * A condition with templates in it as one expression, which is what Ansible's rendering of it beforehand comes to: inside its quotes they
 * are put beside the quoted text, `('a' ~ (b))` for `'a{{ b }}'`, as long as a value holds no quotes. Outside of quotes they are operands.
 * Undefined for a text with other templates, or with none.
 * @param operand what comes in place of an expression outside of quotes
 */
export function withoutTemplates(
  text: string,
  operand: (expression: string) => string = (expression) => `(${expression})`,
): string | undefined {
  let result = '';
  let at = 0;
  let found = false;
  for (;;) {
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (!match) return found ? result + text.slice(at) : undefined;
    const { 0: mark, 1: quote, index } = match;
    result += text.slice(at, index);
    if (quote === undefined) {
      const end = text.indexOf('}}', index);
      const stands =
        before.test(text.slice(0, index).trimEnd()) && behind.test(text.slice(end + 2).trimStart());
      if (mark !== '{{' || end < 0 || !stands) return undefined;
      found = true;
      result += operand(text.slice(index + 2, end).replaceAll(/^[-+]|[-+]$/g, ''));
      at = end + 2;
      continue;
    }
    const parts = quotedParts(text, index + 1, quote);
    if (!parts) return undefined;
    if (parts.words.length === 1) result += text.slice(index, parts.end);
    else {
      found = true;
      result += `(${parts.words.join('~')})`;
    }
    at = parts.end;
  }
}

// The words that a quoted text comes to, one for each template and for what stands around it.
function quotedParts(
  text: string,
  start: number,
  quote: string,
): { readonly words: readonly string[]; readonly end: number } | undefined {
  const words: string[] = [];
  let from = start;
  for (let at = start; at < text.length; at += 1) {
    const two = text.slice(at, at + 2);
    if (text[at] === '\\') at += 1;
    else if (two === '{%' || two === '{#') return undefined;
    else if (two === '{{') {
      const end = text.indexOf('}}', at);
      if (end < 0) return undefined;
      words.push(`${quote}${text.slice(from, at)}${quote}`, `(${text.slice(at + 2, end)})`);
      from = end + 2;
      at = end + 1;
    } else if (text[at] === quote) {
      words.push(`${quote}${text.slice(from, at)}${quote}`);
      return { words, end: at + 1 };
    }
  }
  return undefined;
}
