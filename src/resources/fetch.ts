import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { hostPath } from './argument-schemas.ts';
import type { HostResource, TaskPlace } from './resource.ts';

/** Larger files are not fetched. */
const fetchedBytes = 16 * 1024 * 1024;

const schema = Type.Object(
  {
    src: hostPath('the file to fetch'),
    dest: Type.String({
      minLength: 1,
      description:
        'folder of the control node, beside the playbook unless it is absolute; the file goes to HOST/PATH inside it',
    }),
    flat: Type.Optional(
      Type.Boolean({
        default: false,
        description: '`dest` is the file itself; with a / at its end the folder that takes it',
      }),
    ),
    fail_on_missing: Type.Optional(
      Type.Boolean({ default: true, description: 'false is content with a file that is not there' }),
    ),
    validate_checksum: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: sums are compared in any case' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema> & {
  readonly task_place: TaskPlace;
  /** SHA-256 of what the control node has now; `directory` where that is one. */
  readonly local_sum?: string | undefined;
};

interface State {
  readonly stat: FileStat;
  readonly sum: string | undefined;
  /** Undefined where the control node has it already. */
  readonly content: Buffer | undefined;
}

function withHome(dest: string): string {
  return dest.replace(/^~(?=\/|$)/, homedir());
}

function placeOf({ src, dest, flat, task_place: { host, directory } }: Arguments): string {
  const place = withHome(dest);
  if (!flat) return resolve(directory, place, host, `.${posix.normalize(src)}`);
  return place.endsWith('/') ? resolve(directory, place, posix.basename(src)) : resolve(directory, place);
}

function foldersOf(want: Arguments): readonly string[] {
  const place = placeOf(want);
  const folder = want.flat ? posix.dirname(place) : resolve(want.task_place.directory, withHome(want.dest));
  return [folder, `${folder}/`];
}

function localContent(want: Arguments): Buffer | undefined {
  try {
    return readFileSync(placeOf(want));
  } catch {
    return undefined;
  }
}

function hex(algorithm: string, content: Buffer | undefined): string | undefined {
  return content && createHash(algorithm).update(content).digest('hex');
}

function localSum(want: Arguments): string | undefined {
  const directory = statSync(placeOf(want), { throwIfNoEntry: false })?.isDirectory();
  return directory ? 'directory' : hex('sha256', localContent(want));
}

function absence(want: Arguments, { stat }: State): string | undefined {
  if (stat.kind === 'absent') return 'the remote file does not exist';
  if (stat.kind === 'directory') return 'remote file is a directory, fetch cannot work on directories';
  return stat.kind === 'file' ? undefined : `${want.src} is a ${stat.kind}, not a regular file`;
}

/** A file of the host, brought to the control node. */
export const fetch: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'fetch',
  summary: 'Copy a file of the host to the control node',
  schema,
  effect: 'contained',
  placed: true,
  here: true,
  lateArguments: (want) => ({ local_sum: () => localSum(want) }),
  // The host may be the control node itself, and folders are made on the way.
  paths: (want) => [posix.normalize(want.src), placeOf(want), ...foldersOf(want)],
  probe: ({ src, local_sum: unlessSum }) => {
    const text = { most: fetchedBytes, unlessSum, secrets: true };
    return asking({ file: path(src, { sum: 'sha256', text }) }, ({ file: { behind, sum, content } }) => ({
      stat: behind,
      sum,
      content,
    }));
  },
  reliesOn: ({ src }) => [posix.normalize(src)],
  refuse(want, have) {
    const missing = absence(want, have);
    if (missing !== undefined) return want.fail_on_missing === false ? [] : [missing];
    if (want.local_sum === 'directory')
      return [`${placeOf(want)} is a directory on the control node: end dest with / to fetch into it`];
    return have.stat.size > fetchedBytes
      ? [`${want.src} is larger than ${fetchedBytes / 1024 / 1024} MiB; such a file is not fetched`]
      : [];
  },
  diff(want, have) {
    if (absence(want, have) !== undefined || have.sum === want.local_sum) return [];
    const from = want.local_sum === undefined ? 'absent' : `sha256:${want.local_sum.slice(0, 12)}`;
    return [{ attribute: placeOf(want), from, to: `sha256:${have.sum?.slice(0, 12)}` }];
  },
  steps: (want, changes, { content = Buffer.alloc(0) }) =>
    changes.length === 0 ? [] : [{ kind: 'control-file', path: placeOf(want), content }],
  result(want, have, outputs) {
    const missing = absence(want, have);
    if (missing !== undefined) return { msg: `${missing}, not transferring, ignored`, file: want.src };
    const content = have.content ?? localContent(want);
    const sums = { checksum: hex('sha1', content) ?? '', md5sum: hex('md5', content) ?? '' };
    if (outputs.length === 0) return { ...sums, dest: placeOf(want), file: want.src };
    return {
      ...sums,
      dest: placeOf(want),
      remote_checksum: sums.checksum,
      remote_md5sum: null,
    };
  },
};
