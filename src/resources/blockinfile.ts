import { type Static, Type } from 'typebox';
import { hostPath, notBoth, replacementArguments } from './argument-schemas.ts';
import type { BlockEdit } from './files/block-edit.ts';
import { ensureBlock } from './files/block-edit.ts';
import {
  type EditedFileState,
  editableText,
  editedFileKeys,
  editedFileResult,
  editMessage,
  refuseEditedFile,
} from './files/edited-file.ts';
import { readPattern } from './files/pattern.ts';
import { textFileEdit } from './files/text-file-edit.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'whether the block is to be there',
      }),
    ),
    block: Type.Optional(
      Type.String({
        default: '',
        description: 'the lines between the markers; empty removes block and markers',
      }),
    ),
    marker: Type.Optional(
      Type.String({
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        pattern: '^[^\\n]*\\{mark\\}[^\\n]*$',
        description: 'the marker lines; {mark} stands for `marker_begin` and `marker_end`',
      }),
    ),
    marker_begin: Type.Optional(
      Type.String({
        default: 'BEGIN',
        pattern: '^[^\\n]*$',
        description: '{mark} of the line before the block',
      }),
    ),
    marker_end: Type.Optional(
      Type.String({
        default: 'END',
        pattern: '^[^\\n]*$',
        description: '{mark} of the line after the block',
      }),
    ),
    insertafter: Type.Optional(
      Type.String({
        description: 'a new block goes after the last line matching this regular expression, or EOF',
      }),
    ),
    insertbefore: Type.Optional(
      Type.String({
        description: 'a new block goes before the last line matching this regular expression, or BOF',
      }),
    ),
    create: Type.Optional(Type.Boolean({ default: false, description: 'make the file when it is missing' })),
    ...replacementArguments,
  },
  { additionalProperties: false, ...notBoth('insertafter', 'insertbefore') },
);

type Arguments = Static<typeof schema>;

function faults(want: Arguments): readonly string[] {
  const reasons: string[] = [];
  for (const argument of ['insertafter', 'insertbefore'] as const) {
    const pattern = readPattern(argument, want[argument] ?? '');
    if (pattern.kind === 'fault') reasons.push(pattern.reason);
  }
  const edit = blockEdit(want);
  if (edit.begin === edit.end) reasons.push('marker_begin and marker_end must differ');
  return reasons;
}

function blockEdit(want: Arguments): BlockEdit {
  const marker = want.marker ?? '# {mark} ANSIBLE MANAGED BLOCK';
  const side = want.insertbefore === undefined ? 'after' : 'before';
  const at = want.insertbefore ?? want.insertafter ?? 'EOF';
  const pattern = at === 'EOF' || at === 'BOF' ? undefined : readPattern(`insert${side}`, at);
  return {
    block: want.state === 'absent' ? undefined : want.block,
    begin: marker.replaceAll('{mark}', () => want.marker_begin ?? 'BEGIN'),
    end: marker.replaceAll('{mark}', () => want.marker_end ?? 'END'),
    place: {
      side,
      at: pattern?.kind === 'pattern' ? pattern.expression : at === 'BOF' ? 'BOF' : 'EOF',
      across: /^\(\?[aisux]*m/.test(at),
    },
  };
}

function removes(want: Arguments): boolean {
  return want.state === 'absent' || (want.block ?? '') === '';
}

function edited(want: Arguments, have: EditedFileState): Buffer | undefined {
  if (have.stat.kind === 'absent' && removes(want)) return undefined;
  const { text, encode, fit } = editableText(have.content ?? Buffer.alloc(0));
  const edit = blockEdit(want);
  const block = edit.block === undefined ? undefined : fit(edit.block);
  return encode(ensureBlock(text, { ...edit, block, begin: fit(edit.begin), end: fit(edit.end) }));
}

function edit(want: Arguments, before: EditedFileState): string {
  const now = edited(want, before);
  if (before.stat.kind === 'absent') return now ? 'File created' : `File ${want.path} not present`;
  if (before.content && now?.equals(before.content)) return '';
  return removes(want) ? 'Block removed' : 'Block inserted';
}

/** Keeps a block of lines between markers in a file. */
export const blockinfile: HostResource<Arguments, EditedFileState> = {
  ...textFileEdit<Arguments>(edited),
  name: 'blockinfile',
  summary: 'Keep a block of lines between two marker lines in a text file',
  schema,
  gives: editedFileKeys,
  argumentAliases: { path: ['dest', 'destfile', 'name'], block: ['content'] },
  faults,
  refuse: (want, have) => refuseEditedFile(want, have, !removes(want)),
  result(want, have, outputs, before = have) {
    const message = editMessage(edit(want, before), want, before);
    return editedFileResult(want, have, outputs, message);
  },
};
