import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ProvisionError } from '../../errors/problem.ts';
import type { Playbook } from '../../language/model.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { RunOptions } from '../command-options.ts';
import { digestOf, type PlannedItem } from './planned-changes.ts';

const format = 1;

/** Options that decide what a plan is about: they are kept with it. */
const kept = [
  ...(['inventory', 'extraVars', 'limit', 'tags', 'skipTags', 'startAtTask', 'user', 'privateKey'] as const),
  ...(['become', 'becomeUser', 'sshConfig'] as const),
] as const;
type KeptOptions = Pick<RunOptions, (typeof kept)[number]>;

/** A plan as a file holds it. */
export interface SavedPlan {
  readonly type: 'plan';
  readonly format: typeof format;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  /** Where it was made: relative paths count from here. */
  readonly directory: string;
  readonly playbook: string;
  readonly options: KeptOptions;
  /** Of all files that the playbook was loaded from. */
  readonly sources: string;
  readonly items: readonly PlannedItem[];
}

/** What a plan was made of. */
export function sourcesDigest({ sources }: Playbook): string {
  return digestOf(JSON.stringify([...sources].toSorted(([one], [other]) => (one < other ? -1 : 1))));
}

/** Writes a plan for its owner alone: variables of the command line are in it. */
export function writePlan(
  file: string,
  plan: Omit<SavedPlan, 'type' | 'format' | 'options'>,
  options: RunOptions,
): void {
  const chosen = Object.fromEntries(kept.map((name) => [name, options[name]]));
  const whole = { type: 'plan', format, ...plan, options: chosen };
  writeFileSync(`${file}.new`, `${JSON.stringify(whole, null, 1)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Reads a plan. Undefined when the file is none; throws `ProvisionError` for one that cannot be used. */
export function readPlan(file: string): SavedPlan | undefined {
  // Playbooks are YAML: nobody looks into them twice.
  if (/\.ya?ml$/i.test(file)) return undefined;
  const found = parsed(file);
  if (found === undefined || found.type !== 'plan') return undefined;
  if (found.format === format) return found as SavedPlan;
  throw new ProvisionError([
    {
      code: 'stale-plan',
      message: `${visibleText(file)} was made by another version of provision`,
      hint: 'make it again with `provision plan PLAYBOOK -o FILE`',
    },
  ]);
}

function parsed(file: string): Partial<SavedPlan> | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.startsWith('{') ? (JSON.parse(text) as Partial<SavedPlan>) : undefined;
  } catch {
    return undefined;
  }
}
