import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { LocalMachine } from './local-machine.ts';
import { matchingFiles } from './ssh-config-files.ts';
import { parseConfig } from './ssh-config-line.ts';
import { expandTilde } from './ssh-tokens.ts';

const mostFiles = 100;

/**
 * Hosts that ~/.ssh/config (or another file) and what it includes name without a pattern: the first word of each `Host`
 * line, in their order. Throws when a file cannot be read.
 */
export function hostNames(machine: LocalMachine, configFile?: string): readonly string[] {
  const base = join(machine.home, '.ssh');
  if (configFile !== undefined) statSync(configFile);
  const waiting = [configFile ?? join(base, 'config')];
  const read = new Set<string>();
  const names = new Set<string>();
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (read.has(file) || read.size === mostFiles || !statSync(file, { throwIfNoEntry: false })) continue;
    read.add(file);
    for (const { keyword, words } of parseConfig(readFileSync(file, 'utf8'), file)) {
      const [first = ''] = words;
      if (keyword === 'host' && !/[*?!]/.test(first)) names.add(first);
      if (keyword !== 'include') continue;
      for (const word of words) {
        const path = expandTilde(word, machine.home);
        waiting.push(...matchingFiles(isAbsolute(path) ? path : join(base, path)));
      }
    }
  }
  return [...names];
}
