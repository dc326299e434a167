const piece = /(['"])|\{\{|\{%|\{#/g;

/**
 * An expression whose templates all stand inside its quotes, with them put beside the quoted text: `('a' ~ (b))` for `'a{{ b }}'`, which
 * is what Ansible's rendering of it beforehand comes to as long as a value holds no quotes. Undefined for any other text.
 */
export function withoutQuotedTemplates(text: string): string | undefined {
  let result = '';
  let at = 0;
  let found = false;
  for (;;) {
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (!match) return found ? result + text.slice(at) : undefined;
    const [, quote] = match;
    if (quote === undefined) return undefined;
    const parts = quotedParts(text, match.index + 1, quote);
    if (!parts) return undefined;
    result += text.slice(at, match.index);
    if (parts.words.length === 1) result += text.slice(match.index, parts.end);
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
