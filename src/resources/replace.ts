import { type Static, Type } from 'typebox';
import { hostPath, replacementArguments } from './argument-schemas.ts';
import {
  type EditedFileState,
  editableText,
  editedFileKeys,
  editedFileResult,
  editMessage,
  refuseEditedFile,
} from './files/edited-file.ts';
import { textFileEdit } from './files/text-file-edit.ts';
import { replaceText, sectionFault, type TextReplacement } from './files/text-replacement.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file'),
    regexp: Type.String({ description: 'what to replace; ^ and $ match at each line' }),
    replace: Type.Optional(
      Type.String({ default: '', description: 'what to put there, with \\1 or \\g<name> for groups' }),
    ),
    after: Type.Optional(
      Type.String({ description: 'only what stands behind a match of this; . matches line ends too' }),
    ),
    before: Type.Optional(
      Type.String({ description: 'only what stands before a match of this; . matches line ends too' }),
    ),
    encoding: Type.Optional(
      Type.Enum(['utf-8', 'utf8', 'UTF-8'], {
        default: 'utf-8',
        description: 'bytes that are none are kept as they are',
      }),
    ),
    ...replacementArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function replaced(
  want: Arguments,
  have: EditedFileState,
): TextReplacement & { readonly content: Buffer | undefined } {
  if (have.content === undefined) return { text: '', count: 0, content: undefined };
  const { text, encode, fit } = editableText(have.content);
  const done = replaceText(text, want, fit);
  return { ...done, content: encode(done.text) };
}

/** Replaces what a regular expression matches in a file. */
export const replace: HostResource<Arguments, EditedFileState> = {
  ...textFileEdit<Arguments>((want, have) => replaced(want, have).content),
  name: 'replace',
  summary: 'Replace all that a regular expression matches in a text file',
  schema,
  gives: ['rc', ...editedFileKeys],
  argumentAliases: { path: ['dest', 'destfile', 'name'] },
  // What is put there may match again: then each run has something to do.
  repeats: () => true,
  faults: sectionFault,
  refuse: (want, have) => refuseEditedFile(want, have, true),
  result(want, have, outputs, before = have) {
    const { count, missed } = replaced(want, before);
    const said = missed ?? editMessage(count > 0 ? `${count} replacements made` : '', want, before);
    return { rc: 0, ...editedFileResult(want, have, outputs, said) };
  },
};
