import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { putScript } from '../shell/put.ts';
import {
  archiveCode,
  archiveQuestion,
  isPattern,
  type Making,
  removalCode,
} from './archives/archive-making.ts';
import { expandedOnHost, hostPath, ownershipArguments } from './argument-schemas.ts';
import {
  ownershipChanges,
  ownershipResult,
  ownershipStep,
  settledOwnership,
} from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const place = '^[/~$][^\\u0000\\n]*$';
const list = (pattern: string, description: string) =>
  Type.Optional(
    Type.Array(Type.String({ ...(pattern === place && expandedOnHost), pattern }), { description }),
  );

const schema = Type.Object(
  {
    path: Type.Array(Type.String({ ...expandedOnHost, pattern: place }), {
      minItems: 1,
      description: 'files and directories of the host; * and ? stand for more',
    }),
    dest: Type.Optional(hostPath('the archive; a single file without it gets an ending behind its name')),
    format: Type.Optional(
      Type.Enum(['bz2', 'gz', 'tar', 'xz', 'zip'], {
        default: 'gz',
        description: 'how it is compressed; all but zip are archives of tar',
      }),
    ),
    exclude_path: list(place, 'what is left out of `path`, and not what is inside it'),
    exclusion_patterns: list('^[^\\u0000\\n]+$', 'patterns of names that are left out, wherever they are'),
    force_archive: Type.Optional(
      Type.Boolean({ default: false, description: 'a single file becomes an archive, too' }),
    ),
    remove: Type.Optional(Type.Boolean({ default: false, description: 'what went in is removed' })),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly stat: FileStat;
  /** The paths after patterns were looked up, those of `exclude_path`, and what is left. */
  readonly given: readonly string[];
  readonly left: readonly string[];
  readonly paths: readonly string[];
  readonly there: readonly string[];
  readonly root: string;
  /** Several files, or a tree. */
  readonly many: boolean;
  readonly lacks: string | undefined;
  readonly members: readonly string[];
  /** What the archive that is there has; undefined without one. */
  readonly names: readonly string[] | undefined;
  readonly same: boolean;
}

// What is listed by name in a plan; the rest is counted.
const shownMembers = 20;

function making(want: Arguments): Making {
  const format = want.format ?? 'gz';
  return {
    paths: want.path,
    excluded: want.exclude_path ?? [],
    patterns: want.exclusion_patterns ?? [],
    dest: posix.normalize(want.dest ?? `${want.path[0]?.replace(/\/+$/, '')}.${format}`),
    format,
    forced: want.force_archive === true,
  };
}

function lines(text: Buffer | undefined): readonly string[] {
  return text === undefined ? [] : text.toString().split('\n').filter(Boolean);
}

function isCompressed(want: Arguments, { many }: State): boolean {
  return !many && !['tar', 'zip'].includes(want.format ?? 'gz');
}

function contentChanges(want: Arguments, have: State): readonly Change[] {
  if (have.there.length === 0 || have.same) return [];
  if (have.names === undefined) return [{ attribute: 'state', from: 'absent', to: 'archived' }];
  const bare = (names: readonly string[]) => new Set(names.map((name) => name.replace(/\/$/, '')));
  const [old, fresh] = isCompressed(want, have)
    ? [new Set(), new Set()]
    : [bare(have.names), bare(have.members)];
  const gone = [...old].filter((name) => !fresh.has(name));
  const changes = [
    ...[...fresh]
      .filter((name) => !old.has(name))
      .map((name) => ({ attribute: name, from: 'absent', to: 'archived' })),
    ...gone.map((name) => ({ attribute: String(name), from: 'archived', to: 'absent' })),
  ].map((change) => ({ ...change, attribute: String(change.attribute) }));
  if (changes.length === 0) return [{ attribute: 'content', from: 'other', to: 'as the files are now' }];
  const rest = changes.length - shownMembers;
  return [
    ...changes.slice(0, shownMembers),
    ...(rest > 0 ? [{ attribute: `${rest} more`, to: 'archived' }] : []),
  ];
}

function ownership(want: Arguments, have: State): readonly Change[] {
  return have.there.length > 0 || have.names !== undefined ? ownershipChanges(want, have.stat) : [];
}

function mayContain(directory: string, dest: string): boolean {
  return dest.startsWith(posix.join(directory, '/'));
}

/** An archive of files of the host. */
export const archive: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'archive',
  summary: 'Make an archive (tar with its compressions, or zip) of files of the host, or compress a file',
  schema,
  effect: ({ remove }) => (remove ? 'opaque' : 'contained'),
  paths: (want) => [
    making(want).dest,
    ...want.path.flatMap((one) => {
      const fixed = isPattern(one) ? posix.join(posix.dirname(`${one.split(/[*?]/, 1)[0]}x`), '/') : one;
      return [fixed, posix.join(fixed, '/')];
    }),
  ],
  // An archive in a directory that goes into it alters that directory.
  repeats: (want) => want.remove !== true && want.path.some((one) => mayContain(one, making(want).dest)),
  probe: (want) =>
    asking(
      { file: path(making(want).dest), seen: script(archiveQuestion(making(want))) },
      ({ file: { stat }, seen }) => {
        const answer = new Answer(seen, `the archive ${making(want).dest}`);
        return {
          stat,
          given: lines(answer.bytes('given')),
          left: lines(answer.bytes('left')),
          paths: lines(answer.bytes('paths')),
          there: lines(answer.bytes('there')),
          root: answer.bytes('root')?.toString() ?? '',
          many: answer.get('many') === 'yes',
          lacks: answer.get('tool'),
          members: lines(answer.bytes('members')),
          names: answer.get('present') === 'yes' ? lines(answer.bytes('names')) : undefined,
          same: answer.get('fresh') !== undefined && answer.get('fresh') === answer.get('old'),
        };
      },
    ),
  reliesOn: (want) => want.path.map((one) => posix.normalize(one)),
  premises: (want) => filePremises(want, making(want).dest),
  refuse(want, have) {
    const { dest } = making(want);
    if (have.paths.length === 0) return ['Error, no source paths were found'];
    if (want.dest === undefined && (have.many || want.path.length > 1))
      return ['Error, must specify "dest" when archiving multiple files or trees'];
    const holds = want.remove && have.paths.some((one) => mayContain(one, dest));
    if (holds) return ['Error, created archive can not be contained in source paths when remove=true'];
    if (!['absent', 'file'].includes(have.stat.kind))
      return [`${dest} is a ${have.stat.kind} on the host, not a regular file`];
    return have.there.length > 0 && have.lacks !== undefined
      ? [`the host has no ${have.lacks}; install it first`]
      : [];
  },
  diff(want, have) {
    const gone = want.remove ? have.there : [];
    return [
      ...contentChanges(want, have),
      ...ownership(want, have),
      ...gone.map((one) => ({ attribute: one, from: 'present', to: 'absent' })),
    ];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { dest } = making(want);
    const steps: Step[] = [];
    if (contentChanges(want, have).length > 0)
      steps.push({
        kind: 'script',
        script: putScript(dest, archiveCode(making(want)), settledOwnership(want, have.stat)),
      });
    else if (ownership(want, have).length > 0) steps.push(ownershipStep(dest, want, have.stat));
    if (want.remove && have.there.length > 0)
      steps.push({ kind: 'script', script: removalCode(making(want)) });
    return steps;
  },
  result(want, have) {
    const found = have.there.length > 0;
    const missing = have.paths.filter((one) => !have.there.includes(one));
    const whole = isCompressed(want, have) ? 'compress' : 'archive';
    const there = found || have.stat.kind === 'file';
    return {
      dest: making(want).dest,
      dest_state: there ? (missing.length > 0 && found && have.many ? 'incomplete' : whole) : 'absent',
      arcroot: have.root,
      archived: isCompressed(want, have)
        ? have.there
        : have.members.map((name) => posix.join(have.root, name)),
      missing,
      expanded_paths: have.given,
      expanded_exclude_paths: have.left,
      ...(there && { state: 'file', size: have.stat.size, ...ownershipResult(want, have.stat) }),
    };
  },
};
