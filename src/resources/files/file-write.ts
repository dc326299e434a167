import type { FileStat } from '../../probes/file-stat.ts';
import type { Ownership } from '../../shell/put.ts';
import type { FileStep, Step } from '../step.ts';
import { validationCode } from './validation.ts';

/** A file as it is to be written. */
export interface FileWrite {
  readonly path: string;
  readonly content: Buffer;
  /** The regular file in its place; undefined when there is none. */
  readonly replaced: FileStat | undefined;
  /** With its mode worked out, or undefined where it stays as it is. */
  readonly ownership: Ownership;
  /** A command that must approve of the new file. */
  readonly validate?: string | undefined;
  /** sh code that runs first: a directory that is made, a backup. */
  readonly before?: readonly string[];
}

/** Writes a file atomically, together with others that are written one after another. */
export function writeFileSteps({
  path,
  content,
  replaced,
  ownership,
  validate,
  before = [],
}: FileWrite): Step[] {
  const check = validationCode(validate);
  const file: FileStep = {
    kind: 'file',
    path,
    content,
    ownership,
    replaced,
    ...(check !== undefined && { validate: check }),
  };
  return before.length === 0 ? [file] : [{ kind: 'script', script: before.join('\n') }, file];
}
