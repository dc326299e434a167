import { printBytes, putScript } from '../shell/put.ts';
import type { FileStep, ScriptStep } from './resource.ts';

/** Scripts one after another: the first that fails ends all, and none sees what another set. */
export function joinedScripts(scripts: readonly string[]): string {
  const [only = ''] = scripts;
  return scripts.length === 1 ? only : scripts.map((one) => `(\n${one}\n) || exit $?`).join('\n');
}

/** The sh code of a step that needs nothing but its host, made by itself. */
export function stepScript(step: ScriptStep | FileStep): string {
  if (step.kind === 'script') return step.script;
  const { path, content, ownership, replaced, validate } = step;
  // What is known of the replaced file need not be read again from it.
  const kept = replaced && {
    owner: ownership.owner ?? String(replaced.uid),
    group: ownership.group ?? String(replaced.gid),
    mode: ownership.mode ?? replaced.mode.toString(8).padStart(4, '0'),
  };
  return putScript(path, printBytes(content), kept ?? ownership, validate);
}
