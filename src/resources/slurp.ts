import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { hostPath } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';

/** Larger files are not fetched. */
const slurpedBytes = 8 * 1024 * 1024;

const schema = Type.Object({ src: hostPath('the file to read') }, { additionalProperties: false });

interface State {
  readonly stat: FileStat;
  readonly content: Buffer | undefined;
}

/** Fetches a file's content. */
export const slurp: HostResource<Static<typeof schema>, State> = {
  kind: 'host',
  name: 'slurp',
  summary: 'Fetch the content of a file, in base64',
  schema,
  gives: ['content', 'encoding', 'source'],
  argumentAliases: { src: ['path'] },
  effect: 'read',
  follows: () => true,
  paths: (want) => [posix.normalize(want.src)],
  probe: (want) =>
    asking({ at: path(want.src, { text: { most: slurpedBytes, secrets: true } }) }, ({ at }) => ({
      stat: at.behind,
      content: at.content,
    })),
  refuse(want, { stat, content }) {
    if (stat.kind === 'absent') return [`${want.src} does not exist on the host`];
    if (stat.kind !== 'file') return [`${want.src} is a ${stat.kind}, not a regular file`];
    return content === undefined ? [`${want.src} is larger than ${slurpedBytes / 1024 / 1024} MiB`] : [];
  },
  failedResult: ({ src }, { stat }) =>
    stat.kind === 'absent'
      ? { msg: `file not found: ${src}` }
      : stat.kind === 'directory'
        ? { msg: `source is a directory and must be a file: ${src}` }
        : {},
  diff: () => [],
  steps: () => [],
  result: (want, have) => ({
    content: have.content?.toString('base64') ?? '',
    encoding: 'base64',
    source: want.src,
  }),
};
