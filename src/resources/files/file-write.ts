import type { FileLook } from '../../probes/file-look.ts';
import { type Ownership, printBytes, putScript } from '../../shell/put.ts';
import type { ScriptStep } from '../resource.ts';
import { validationCode } from './validation.ts';

/** A file as it is to be written. */
export interface FileWrite {
  readonly path: string;
  readonly content: Buffer;
  /** The regular file in its place; undefined when there is none. */
  readonly replaced: FileLook | undefined;
  /** With its mode worked out, or undefined where it stays as it is. */
  readonly ownership: Ownership;
  /** A command that must approve of the new file. */
  readonly validate?: string | undefined;
  /** sh code that runs first: a directory that is made, a backup. */
  readonly before?: readonly string[];
}

/** Writes a file atomically. */
export function writeFileStep({ path, content, ownership, validate, before = [] }: FileWrite): ScriptStep {
  const put = putScript(path, printBytes(content), ownership, validationCode(validate));
  return { kind: 'script', script: [...before, put].join('\n') };
}
