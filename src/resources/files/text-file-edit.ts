import type { HostResource } from '../resource.ts';
import {
  diffEditedFile,
  type EditedFile,
  type EditedFileState,
  editedFileAfter,
  editedFilePaths,
  failedEdit,
  probeEditedFile,
  writeEditedFile,
} from './edited-file.ts';
import { filePremises } from './file-premises.ts';

type TextFileEdit<Want> = Pick<
  HostResource<Want, EditedFileState>,
  'kind' | 'effect' | 'paths' | 'probe' | 'premises' | 'diff' | 'steps' | 'after' | 'failedResult'
>;

/**
 * What all resources share that edit one text file in place.
 * @param edited the whole content that is wanted; undefined when the file may stay missing
 */
export function textFileEdit<Want extends EditedFile>(
  edited: (want: Want, have: EditedFileState) => Buffer | undefined,
): TextFileEdit<Want> {
  return {
    kind: 'host',
    effect: 'contained',
    paths: (want) => editedFilePaths(want.path),
    probe: (want, options) => probeEditedFile(want.path, options),
    premises: (want) => filePremises(want, undefined),
    diff: (want, have) => diffEditedFile(want, have, edited(want, have)),
    steps: (want, changes, have) => writeEditedFile(want, changes, have, edited(want, have)),
    failedResult: (want, have) => failedEdit(want, have),
    after: (want, have) => editedFileAfter(want, have, edited(want, have)),
  };
}
