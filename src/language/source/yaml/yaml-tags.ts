import type { Position, Problem } from '../../../errors/problem.ts';

const known = new Set(['!', '!!str', '!!int', '!!float', '!!bool', '!!null']);

/** Whether YAML's own rules give a scalar with this tag its value. */
export function tagged(tag: string): boolean {
  return known.has(tag);
}

/** Whether a tag says that ansible-vault has encrypted the text. */
export function isVaultTag(tag: string): boolean {
  return tag === '!vault' || tag === '!vault-encrypted';
}

/** The problem of a tag that is not supported, by name; `on` says what a tag known elsewhere cannot be put on. */
export function refusedTag(tag: string, at: Position, on?: string): Problem {
  if (on) return { code: 'not-supported', message: `the tag ${tag} is not supported on ${on}`, at };
  return { code: 'not-supported', message: `the tag ${tag} is not supported`, at, hint: 'remove it' };
}

/** Text that no template engine looks into; undefined when it holds the very words that would end the protection. */
export function unsafeText(text: string): string | undefined {
  if (!/\{[{%#]/.test(text)) return text;
  return /\{%-?\+?\s*endraw/.test(text) ? undefined : `{% raw %}${text}{% endraw %}`;
}
