import { type Ownership, printBytes, putScript } from '../shell/put.ts';
import type { FileStep, ScriptStep } from './step.ts';

/** Scripts one after another: the first that fails ends all, and none sees what another set. */
export function joinedScripts(scripts: readonly string[]): string {
  const [only = ''] = scripts;
  return scripts.length === 1 ? only : scripts.map((one) => `(\n${one}\n) || exit $?`).join('\n');
}

/** The sh code of a step that needs nothing but its host, made by itself. */
export function stepScript(step: ScriptStep | FileStep): string {
  if (step.kind === 'script') return step.script;
  return putScript(step.path, printBytes(step.content), ownershipOf(step), step.validate);
}

/** Whose the written file is: what is known of the replaced one need not be read again from it. */
export function ownershipOf({ ownership, replaced }: FileStep): Ownership {
  if (!replaced) return ownership;
  return {
    owner: ownership.owner ?? String(replaced.uid),
    group: ownership.group ?? String(replaced.gid),
    mode: ownership.mode ?? replaced.mode.toString(8).padStart(4, '0'),
  };
}
