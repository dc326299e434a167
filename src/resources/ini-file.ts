import { type Static, Type } from 'typebox';
import { hostPath, notBoth, replacementArguments } from './argument-schemas.ts';
import {
  type EditedFileState,
  editableText,
  editedFileKeys,
  editedFileResult,
  editMessage,
  refuseEditedFile,
} from './files/edited-file.ts';
import { editIni } from './files/ini-edit.ts';
import { cutLines, joinLines } from './files/line-edit.ts';
import { textFileEdit } from './files/text-file-edit.ts';
import type { HostResource } from './resource.ts';

const line = '^[^\\n]*$';

const schema = Type.Object(
  {
    path: hostPath('the file'),
    section: Type.Optional(
      Type.String({
        pattern: '^[^\\]\\n]+$',
        description: 'without it what stands before the first section',
      }),
    ),
    option: Type.Optional(
      Type.String({ pattern: '^[^=\\n]+$', description: 'without it the whole section is meant' }),
    ),
    value: Type.Optional(Type.String({ pattern: line, description: 'what the option is set to' })),
    values: Type.Optional(
      Type.Array(Type.String({ pattern: line }), {
        description: 'values of an option that is there several times',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    exclusive: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'other values of the option go; with absent: all values go',
      }),
    ),
    create: Type.Optional(Type.Boolean({ default: true, description: 'make the file when it is missing' })),
    no_extra_spaces: Type.Optional(Type.Boolean({ default: false, description: 'no spaces around =' })),
    ignore_spaces: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'a line that differs in spaces around = only is left alone',
      }),
    ),
    allow_no_value: Type.Optional(
      Type.Boolean({ default: false, description: 'the option may stand there without = and value' }),
    ),
    modify_inactive_option: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'an option behind # or ; is put to use in place of a new line',
      }),
    ),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: a link is followed in any case' }),
    ),
    ...replacementArguments,
  },
  { additionalProperties: false, ...notBoth('value', 'values') },
);

type Arguments = Static<typeof schema>;

function edited(
  want: Arguments,
  have: EditedFileState,
): { readonly content: Buffer | undefined; readonly said: string } {
  if (have.content === undefined && want.state === 'absent') return { content: undefined, said: 'OK' };
  const { text, encode, fit } = editableText(have.content ?? Buffer.alloc(0));
  const values = (want.values ?? (want.value === undefined ? [] : [want.value])).map(fit);
  const { lines, said } = editIni(cutLines(text).lines, {
    ...want,
    values,
    section: want.section === undefined ? undefined : fit(want.section),
    option: want.option === undefined ? undefined : fit(want.option),
  });
  return { content: said === 'OK' ? have.content : encode(joinLines(lines)), said };
}

/** One option, or a section, of an INI file. */
export const iniFile: HostResource<Arguments, EditedFileState> = {
  ...textFileEdit<Arguments>((want, have) => edited(want, have).content),
  name: 'ini_file',
  summary: 'Set or remove an option, or a section, of an INI file',
  schema,
  gives: editedFileKeys,
  argumentAliases: { path: ['dest'] },
  refuse(want, have) {
    const valueless = want.value === undefined && want.values === undefined && !want.allow_no_value;
    if (want.state !== 'absent' && want.option !== undefined && valueless)
      return ['the option needs value or values; `allow_no_value: true` lets it stand alone'];
    const create = want.create !== false;
    return refuseEditedFile({ ...want, create }, have, want.state !== 'absent');
  },
  failedResult: (want, { stat }) =>
    stat.kind === 'absent' ? { rc: 257, msg: `Destination ${want.path} does not exist!` } : {},
  result(want, have, outputs, before = have) {
    const said = editMessage(edited(want, before).said, want, before);
    return editedFileResult(want, have, outputs, said === '' ? 'OK' : said);
  },
};
