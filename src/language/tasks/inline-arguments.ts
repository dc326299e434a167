import type { Position, Problem } from '../../errors/problem.ts';
import { braces } from '../../jinja/values/template-marks.ts';

const pair = new RegExp(
  String.raw`(?:^|\s)([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:${braces}|\S)*)`,
  'g',
);

// A mode, a leading zero and a version such as 1.10 would lose their spelling as numbers.
function yamlText(key: string, text: string): string {
  const bare = /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
  const number = /^0\d|^\d+\.\d+$/.test(bare) || (/mode$/.test(key) && /^\d/.test(bare));
  return /^[A-Za-z0-9_./-]+$/.test(bare) && !number ? bare : `'${bare.replaceAll("'", "''")}'`;
}

/** The pairs of the old form `name=nginx state=present`; undefined when the text is something else. */
export function inlinePairs(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs = [...text.matchAll(pair)].map(([, key = '', value = '']) => [key, value] as const);
  return pairs.length > 0 && /^\s*[A-Za-z_]\w*=/.test(text) ? pairs : undefined;
}

/** Refuses `apt: name=nginx state=present`, spelling out the mapping to write instead. */
export function inlineProblem(
  key: string,
  pairs: readonly (readonly [string, string])[],
  at: Position,
): Problem {
  const lines = pairs.map(([name, value]) => `    ${name}: ${yamlText(name, value)}`);
  return {
    code: 'inline-arguments',
    message: `arguments of ${key} must be a mapping, not key=value text`,
    at,
    why: 'such text has no types, and where a value ends in it can only be guessed',
    hint: [`write`, `  ${key}:`, ...lines].join('\n'),
  };
}

/** Options that older playbooks hide in a command's text. */
export function hiddenOption(text: string): string | undefined {
  return /(?:^|\s)(creates|removes|chdir|executable|stdin|warn)=/.exec(text)?.[1];
}
