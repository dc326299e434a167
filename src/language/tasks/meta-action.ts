import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

const known = ['end_host', 'end_play', 'end_role', 'flush_handlers', 'noop'];

// Words that ask for what is so anyway, and why.
const idle: ReadonlyMap<string, string> = new Map([
  ['clear_facts', 'facts are gathered anew in every run'],
  ['refresh_inventory', 'the inventory is read once, before the first connection'],
  [
    'reset_connection',
    'one connection serves the whole run; a new group membership counts from the next run on',
  ],
]);

const refused: ReadonlyMap<string, string> = new Map([
  ['clear_host_errors', 'use block and rescue around what may fail'],
  ['end_batch', 'use end_host, or end_play'],
]);

/** Why a word after `meta:` has no effect; undefined when it has one. */
export function idleMeta(word: YamlNode): string | undefined {
  return idle.get(String(word.value));
}

/** What is wrong with the word after `meta:`. */
export function metaProblem(word: YamlNode): Problem | undefined {
  const text = String(word.value);
  const at = word.position;
  if (known.includes(text) || idle.has(text)) return undefined;
  const instead = refused.get(text);
  if (instead)
    return { code: 'not-supported', message: `'meta: ${text}' is not supported`, at, hint: instead };
  const hint = didYouMean(text, known);
  return { code: 'wrong-value', message: `meta cannot be '${text}'`, at, ...(hint && { hint }) };
}
