import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSecret } from '../probes/secret-mark.ts';
import type { ControlFileStep } from '../resources/step.ts';
import type { ScriptOutput } from '../shell/script-output.ts';

/** Writes a file of the control node whole; one that is there keeps its mode, a new one with a key in it is for its owner alone. */
export function writeControlFile({ path, content }: ControlFileStep): ScriptOutput {
  const beside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const there = statSync(path, { throwIfNoEntry: false });
    writeFileSync(beside, content, { flag: 'wx', ...(isSecret(Buffer.from(content)) && { mode: 0o600 }) });
    if (there) chmodSync(beside, there.mode & 0o7777);
    renameSync(beside, path);
    return { code: 0, stdout: '', stderr: '' };
  } catch (error) {
    rmSync(beside, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    return { code: 1, stdout: '', stderr: `${path} was not written on the control node: ${why}` };
  }
}
