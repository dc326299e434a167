import { quote } from './quote.ts';

// As Python reads them: a name without braces ends with its last letter, digit or underscore.
const variable = /\$(?:(\w+)|\{([^}]*)\})/g;
const name = /^[A-Za-z_]\w*$/;
// Only at the beginning of a word, and up to its first slash.
const home = /^~(?:[A-Za-z_][\w.-]*)?(?:\/|$)/;

/** Whether a host puts something else in place of a part of a word. */
function expands(word: string): boolean {
  return (
    home.test(word) ||
    [...word.matchAll(variable)].some(([, bare, braced]) => name.test(bare ?? braced ?? ''))
  );
}

/** The beginning of a word, as far as a host puts something else in its place; undefined where it does not. */
export function expandedHead(word: string): string | undefined {
  if (!expands(word)) return undefined;
  const [tilde = ''] = home.exec(word) ?? [];
  let end = tilde.replace(/\/$/, '').length;
  for (const { 0: whole, 1: bare, 2: braced, index } of word.matchAll(variable))
    if (name.test(bare ?? braced ?? '')) end = index + whole.length;
  return word.slice(0, end);
}

/** sh code that prints what a word stands for on the host. */
export function printExpanded(word: string): string {
  // A shell of its own has no variables but those of the environment.
  return `exec sh -c ${quote(`printf %s ${written(word)}`)}`;
}

// What is not set stays as it is written.
function written(word: string): string {
  const [tilde = ''] = home.exec(word) ?? [];
  let code = tilde;
  let at = tilde.length;
  for (const { 0: whole, 1: bare, 2: braced, index } of word.matchAll(variable)) {
    const given = bare ?? braced ?? '';
    if (!name.test(given)) continue;
    if (index > at) code += quote(word.slice(at, index));
    code += bare === undefined ? `"\${${given}-\\\${${given}\\}}"` : `"\${${given}-\\$${given}}"`;
    at = index + whole.length;
  }
  return at < word.length || code === '' ? code + quote(word.slice(at)) : code;
}

/**
 * sh code that runs a program with its arguments. In them `$NAME`, `${NAME}` and `~` at the beginning stand for what they are on the host,
 * if they are anything: as Ansible has it, the environment alone, wherever quotes stood.
 */
export function runWords(words: readonly string[], expanded: boolean): string {
  if (!expanded || !words.some(expands)) return `env -- ${words.map(quote).join(' ')}`;
  // A shell of its own has no variables but those of the environment.
  return `env -- sh -c ${quote(`exec env -- ${words.map(written).join(' ')}`)}`;
}
