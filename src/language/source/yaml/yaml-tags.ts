import type { Position, Problem } from '../../../errors/problem.ts';

const known = new Set(['!', '!!str', '!!int', '!!float', '!!bool', '!!null']);

/** Whether YAML's own rules give a scalar with this tag its value. */
export function tagged(tag: string): boolean {
  return known.has(tag);
}

/** The problem of a tag that is not supported, by name; `on` says what a tag known elsewhere cannot be put on. */
export function refusedTag(tag: string, at: Position, on?: string): Problem {
  if (tag === '!vault' || tag === '!vault-encrypted') {
    return {
      code: 'not-supported',
      message: 'values encrypted with ansible-vault are not supported',
      at,
      hint: 'keep the secret in a file of its own and pass it with -e @file, or decrypt it with ansible-vault',
    };
  }
  if (on) return { code: 'not-supported', message: `the tag ${tag} is not supported on ${on}`, at };
  return { code: 'not-supported', message: `the tag ${tag} is not supported`, at, hint: 'remove it' };
}

/** Text that no template engine looks into; undefined when it holds the very words that would end the protection. */
export function unsafeText(text: string): string | undefined {
  if (!/\{[{%#]/.test(text)) return text;
  return /\{%-?\+?\s*endraw/.test(text) ? undefined : `{% raw %}${text}{% endraw %}`;
}
