import { oneSlipFrom } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { connectionNames } from '../evaluate/connection-variables.ts';
import { magicNames, ordinaryNames } from '../evaluate/magic-variables.ts';
import type { Playbook, Source } from '../model.ts';
import { factVariables } from './facts.ts';
import { isRead, layerGroups } from './misspelt-variables.ts';

const known: ReadonlySet<string> = new Set([
  ...connectionNames,
  ...magicNames,
  ...ordinaryNames,
  ...factVariables,
]);

/** Variables that look like those that say how to connect, and are none. */
export interface ConnectionSlips {
  /** One slip away from a name that has a meaning. */
  readonly slips: readonly Problem[];
  /** Warnings of `ansible_*` names that have none, each once. */
  readonly unknown: readonly string[];
}

/** Looks for variables under which nothing is looked for: `ansible_hots` would leave `ansible_host` unset in silence. */
export function connectionSlips(playbook: Playbook): ConnectionSlips {
  const slips: Problem[] = [];
  const unknown = new Map<string, string>();
  const meant = new Map<string, string | undefined>();
  const check = (name: string, source: Source, origin: string): void => {
    if (!meant.has(name)) meant.set(name, oneSlipFrom(name, known));
    const near = meant.get(name);
    if ((near === undefined && !name.startsWith('ansible_')) || isRead(name, playbook.sources)) return;
    const at = source.at();
    const message = `nothing reads the variable '${name}'`;
    if (near !== undefined) {
      const why = `it is set in ${origin}, where it has no effect`;
      slips.push({ code: 'unknown-variable', message, at, why, hint: `did you mean '${near}'?` });
    } else if (!unknown.has(name)) {
      unknown.set(
        name,
        `${at.file}:${at.line}:${at.column}: ${name} has no effect: ${message.replace(` '${name}'`, '')}`,
      );
    }
  };
  for (const { variables, origin } of layerGroups(playbook).flat()) {
    for (const [name, source] of variables) if (!known.has(name)) check(name, source, origin);
  }
  return { slips, unknown: [...unknown.values()] };
}
