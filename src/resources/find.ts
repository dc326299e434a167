import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import { hostPath } from './argument-schemas.ts';
import { fileFilter, filterFault, textHolds } from './files/find-filter.ts';
import { asksForText, findScript } from './files/find-script.ts';
import { type FoundFile, readFound } from './files/found-file.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    paths: Type.Array(hostPath('a directory to look in'), { minItems: 1, description: 'where to look' }),
    patterns: Type.Optional(
      Type.Array(Type.String(), {
        description: 'patterns of names, as of a shell; with `use_regex` expressions',
      }),
    ),
    excludes: Type.Optional(
      Type.Array(Type.String(), { description: 'patterns of names that are left out' }),
    ),
    use_regex: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'patterns are regular expressions, from the begin of the name',
      }),
    ),
    file_type: Type.Optional(
      Type.Enum(['file', 'directory', 'link', 'any'], { default: 'file', description: 'what to look for' }),
    ),
    recurse: Type.Optional(Type.Boolean({ default: false, description: 'in directories below, too' })),
    depth: Type.Optional(Type.Integer({ minimum: 1, description: 'with recurse: how many levels' })),
    hidden: Type.Optional(Type.Boolean({ default: false, description: 'names that begin with a dot, too' })),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'into directories behind links, too' }),
    ),
    age: Type.Optional(
      Type.String({ pattern: '^-?[0-9]+[smhdw]?$', description: 'at least so old; with - at most' }),
    ),
    age_stamp: Type.Optional(
      Type.Enum(['atime', 'ctime', 'mtime'], { default: 'mtime', description: 'the time that `age` means' }),
    ),
    size: Type.Optional(
      Type.String({ pattern: '^-?[0-9]+[bkmgt]?$', description: 'at least so large; with - at most' }),
    ),
    contains: Type.Optional(
      Type.String({ description: 'a regular expression that a line of a file must match, from its begin' }),
    ),
    read_whole_file: Type.Optional(
      Type.Boolean({ default: false, description: '`contains` is looked for anywhere in the whole text' }),
    ),
    get_checksum: Type.Optional(
      Type.Boolean({ default: false, description: 'the result has the SHA-1 of files' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly files: readonly FoundFile[];
  readonly examined: number;
  readonly skipped: readonly string[];
  readonly large: readonly string[];
}

function faults(want: Arguments): readonly string[] {
  const fault = filterFault(want);
  return fault === undefined ? [] : [fault];
}

/** Files of the host that fit. */
export const find: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'find',
  summary: 'List files of the host by name, age, size and kind',
  schema,
  gives: ['files', 'matched', 'examined', 'skipped_paths'],
  argumentAliases: { paths: ['name', 'path'], patterns: ['pattern'], excludes: ['exclude'] },
  effect: 'read',
  follows: () => true,
  paths: (want) => want.paths.map((one) => `${posix.normalize(one)}/`.replace(/\/+$/, '/')),
  probe: (want) =>
    scriptProbe({
      script: findScript(want),
      parse(output) {
        const { files, examined, skipped, texts, large, now } = readFound(output);
        const fits = fileFilter(want, now);
        const holds = (path: string) => !asksForText(want) || textHolds(want, texts.get(path));
        return {
          files: fits === undefined ? [] : files.filter((one) => fits(one) && holds(one.path)),
          examined,
          skipped,
          large,
        };
      },
    }),
  faults,
  refuse: (_want, { large }) => large.map((path) => `contains: ${path} is too large to be looked into`),
  diff: () => [],
  steps: () => [],
  result: (_want, { files, examined, skipped }) => ({
    files: files.map(({ fields }) => fields),
    matched: files.length,
    examined,
    skipped_paths: Object.fromEntries(
      skipped.map((one): [string, Json] => [one, `'${one}' is not a directory`]),
    ),
    msg: skipped.length > 0 ? 'Not all paths examined, check warnings for details' : 'All paths examined',
  }),
};
