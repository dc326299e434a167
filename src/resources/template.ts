import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { meantPaths } from '../probes/path-question.ts';
import { hostPath, replacementArguments } from './argument-schemas.ts';
import { filePremises } from './files/file-premises.ts';
import {
  diffWholeFile,
  oncePerArguments,
  probeWholeFile,
  refuseWholeFile,
  type WholeFile,
  type WholeFileState,
  wholeFileKeys,
  wholeFileResult,
  writeWholeFile,
} from './files/whole-file.ts';
import type { HostResource, SourceFile } from './resource.ts';

function flag(description: string) {
  return Type.Optional(Type.Boolean({ description }));
}

function word(description: string) {
  return Type.Optional(Type.String({ minLength: 1, description }));
}

const schema = Type.Object(
  {
    src: Type.String({
      minLength: 1,
      description: 'Jinja2 template on the control node, looked for in `templates/`',
    }),
    dest: hostPath(
      'where the rendered file goes; a directory, or a path ending in /, takes it under its own name',
    ),
    ...replacementArguments,
    force: Type.Optional(
      Type.Boolean({ default: true, description: 'false leaves a file that is there as it is' }),
    ),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'true writes the file that a link at `dest` points to' }),
    ),
    trim_blocks: flag('false keeps the line break behind a statement'),
    lstrip_blocks: flag('true drops spaces before a statement at the beginning of a line'),
    newline_sequence: Type.Optional(
      Type.String({
        pattern: '^(\\r\\n?|\\n)$',
        description: 'what ends the lines of the file: \\n, \\r or \\r\\n',
      }),
    ),
    variable_start_string: word('what begins an expression; {{ without it'),
    variable_end_string: word('what ends an expression; }} without it'),
    block_start_string: word('what begins a statement; {% without it'),
    block_end_string: word('what ends a statement; %} without it'),
    comment_start_string: word('what begins a comment; {# without it'),
    comment_end_string: word('what ends a comment; #} without it'),
    output_encoding: Type.Optional(
      Type.Enum(['utf-8'], { description: 'the encoding of the file; there is only utf-8' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema> & { readonly source_file: SourceFile };

function nameOf({ src }: Arguments): string {
  return posix.basename(src).replace(/\.j2$/, '');
}

const wanted = oncePerArguments(
  (want: Arguments): WholeFile => ({
    ...want,
    name: nameOf(want),
    content: Buffer.from(want.source_file.content),
  }),
);

/** Writes a rendered template. */
export const template: HostResource<Arguments, WholeFileState> = {
  kind: 'host',
  name: 'template',
  summary: 'Render a Jinja2 template and write it to a file',
  schema,
  gives: ['src', ...wholeFileKeys],
  effect: 'contained',
  source: { argument: 'src', folder: 'templates', render: true },
  paths: (want) => meantPaths(want.dest, nameOf(want)),
  probe: (want, options) => probeWholeFile(wanted(want), options),
  premises: (want) => filePremises(want, want.dest),
  refuse: (want, have) => refuseWholeFile(wanted(want), have),
  diff: (want, have) => diffWholeFile(wanted(want), have),
  steps: (want, changes, have) => writeWholeFile(wanted(want), changes, have),
  result: (want, have, outputs) => ({ src: want.src, ...wholeFileResult(wanted(want), have, outputs) }),
};
