import { type Static, Type } from 'typebox';
import { hostPath, needsOneOf, notBoth, replacementArguments } from './argument-schemas.ts';
import {
  type EditedFileState,
  editableText,
  editedFileKeys,
  editedFileResult,
  editMessage,
  failedEdit,
  refuseEditedFile,
} from './files/edited-file.ts';
import { cutLines, ensureLine, type LineEdit, removeLines } from './files/line-edit.ts';
import { readPattern } from './files/pattern.ts';
import { textFileEdit } from './files/text-file-edit.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'whether the line should be there',
      }),
    ),
    line: Type.Optional(Type.String({ pattern: '^[^\\n]*$', description: 'the whole line, on one line' })),
    regexp: Type.Optional(
      Type.String({
        description: 'finds the line to replace, or the lines to remove; the last match counts',
      }),
    ),
    search_string: Type.Optional(
      Type.String({ description: 'like `regexp`, but the text itself is looked for' }),
    ),
    insertafter: Type.Optional(
      Type.String({
        description: 'a new line goes after the last line matching this regular expression, or EOF',
      }),
    ),
    insertbefore: Type.Optional(
      Type.String({
        description: 'a new line goes before the last line matching this regular expression, or BOF',
      }),
    ),
    firstmatch: Type.Optional(
      Type.Boolean({ default: false, description: 'the first match counts in place of the last' }),
    ),
    backrefs: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'put groups of `regexp` into `line` (\\1); without a match nothing is changed',
      }),
    ),
    create: Type.Optional(Type.Boolean({ default: false, description: 'make the file when it is missing' })),
    ...replacementArguments,
  },
  {
    additionalProperties: false,
    allOf: [notBoth('insertafter', 'insertbefore'), notBoth('regexp', 'search_string')],
    ...needsOneOf('line', 'regexp', 'search_string'),
  },
);

type Arguments = Static<typeof schema>;

function expression(argument: string, source: string): RegExp {
  const pattern = readPattern(argument, source);
  if (pattern.kind === 'fault') throw new TypeError(pattern.reason);
  return pattern.expression;
}

function place(want: Arguments): LineEdit['place'] {
  const side = want.insertbefore === undefined ? 'after' : 'before';
  const at = want.insertbefore ?? want.insertafter ?? 'EOF';
  return { side, at: at === 'EOF' || at === 'BOF' ? at : expression(`insert${side}`, at) };
}

function faults(want: Arguments): readonly string[] {
  const reasons: string[] = [];
  for (const argument of ['regexp', 'insertafter', 'insertbefore'] as const) {
    const pattern = readPattern(argument, want[argument] ?? '');
    if (pattern.kind === 'fault') reasons.push(pattern.reason);
  }
  if (want.state !== 'absent' && want.line === undefined) reasons.push('state: present needs line');
  if (want.backrefs && want.regexp === undefined) reasons.push('backrefs needs regexp');
  return reasons;
}

function edited(want: Arguments, have: EditedFileState): Buffer | undefined {
  const { text, encode, fit } = editableText(have.content ?? Buffer.alloc(0));
  const pattern = want.regexp === undefined ? undefined : expression('regexp', fit(want.regexp));
  const searched = want.search_string === undefined ? undefined : fit(want.search_string);
  const line = fit(want.line ?? '');
  if (want.state === 'absent') {
    if (have.stat.kind === 'absent') return undefined;
    const found = (one: string) =>
      pattern ? pattern.test(one) : searched === undefined ? one === line : one.includes(searched);
    return encode(removeLines(text, found));
  }
  const find = pattern
    ? (one: string) => pattern.exec(one) ?? false
    : searched === undefined
      ? undefined
      : (one: string) => one.includes(searched);
  const edit = {
    line,
    find,
    place: place(want),
    backrefs: want.backrefs ?? false,
    firstMatch: want.firstmatch ?? false,
  };
  return encode(ensureLine(text, edit));
}

function lineCount(content: Buffer | undefined): number {
  return content ? cutLines(content.toString('latin1')).lines.length : 0;
}

function edit(want: Arguments, before: EditedFileState, fewer: number): string {
  if (want.state === 'absent') {
    if (before.stat.kind === 'absent') return 'file not present';
    return fewer > 0 ? `${fewer} line(s) removed` : '';
  }
  const now = edited(want, before);
  if (before.content && now?.equals(before.content)) return '';
  return fewer === 0 ? 'line replaced' : 'line added';
}

/** Keeps one line in a file, or lines out of it. */
export const lineinfile: HostResource<Arguments, EditedFileState> = {
  ...textFileEdit<Arguments>(edited),
  name: 'lineinfile',
  summary: 'Keep one line in a text file, or keep lines out of it',
  schema,
  gives: ['found', ...editedFileKeys],
  argumentAliases: { path: ['dest', 'destfile', 'name'], regexp: ['regex'], line: ['value'] },
  // What groups of the match are put into may match again: then each run has something to do, as with Ansible.
  repeats: (want) => want.backrefs === true,
  faults,
  refuse: (want, have) => refuseEditedFile(want, have, want.state !== 'absent'),
  failedResult: (want, have) => failedEdit(want, have, 'Destination'),
  result(want, have, outputs, before = have) {
    const lines = lineCount(before.content) - lineCount(edited(want, before));
    const absent = want.state === 'absent';
    const message = editMessage(edit(want, before, lines), want, before);
    return { ...(absent && { found: lines }), ...editedFileResult(want, have, outputs, message) };
  },
};
