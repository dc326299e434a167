import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { hostPath } from './argument-schemas.ts';
import { alteredLines } from './files/altered-lines.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFileAfter,
  editedFileKeys,
  editedFilePaths,
  editedFileResult,
  probeEditedFile,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { probeHomeFile } from './files/home-file.ts';
import { editKnownHosts, hashedName, isAbout, readKnownKey } from './files/known-hosts.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({
      pattern: '^[^\\s,#@|]+$',
      description: 'the host, as it is connected to; with a port as in [host]:2222',
    }),
    key: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]+\\n?$',
        description: 'the whole line, as ssh-keyscan prints it; `absent` may do without',
      }),
    ),
    path: Type.Optional(
      hostPath('the file, such as /etc/ssh/ssh_known_hosts; that of the user who does the task without it'),
    ),
    hash_host: Type.Optional(
      Type.Boolean({ default: false, description: 'write the name so that nobody can read it' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function nameOf({ name }: Arguments): string {
  return name.toLowerCase();
}

// The salt follows from what is written, so that the same task makes the same line.
function lineOf(want: Arguments): string | undefined {
  const { key, hash_host } = want;
  const read = key === undefined ? undefined : readKnownKey(key);
  if (key === undefined || !read || !hash_host) return key?.trimEnd();
  const salt = createHash('sha256')
    .update(`${want.path ?? ''}\0${key}`)
    .digest()
    .subarray(0, 20);
  return [read.marker, hashedName(nameOf(want), salt), read.type, read.key].filter(Boolean).join(' ');
}

function edited(want: Arguments, have: EditedFileState): Buffer | undefined {
  if (have.content === undefined && want.state === 'absent') return undefined;
  const line = lineOf(want);
  return alteredLines(have.content, (lines, fit) => {
    const key = line === undefined ? undefined : fit(line);
    return editKnownHosts(lines, { name: fit(nameOf(want)), key, state: want.state ?? 'present' });
  });
}

/** The key of a host in a file of known hosts. */
export const knownHosts: HostResource<Arguments, EditedFileState> = {
  kind: 'host',
  name: 'known_hosts',
  summary: 'Keep the key of a host in a file of known hosts; ssh-keygen is not needed',
  schema,
  gives: ['name', 'key', 'hash_host', 'state', ...editedFileKeys],
  argumentAliases: { name: ['host'] },
  effect: ({ path }) => (path === undefined ? 'opaque' : 'contained'),
  paths: ({ path }) => (path === undefined ? [] : editedFilePaths(path)),
  probe: ({ path }, options) =>
    path === undefined ? probeHomeFile('.ssh/known_hosts', options.contents) : probeEditedFile(path, options),
  refuse(want, have) {
    if (want.state !== 'absent' && want.key === undefined) return ['No key specified when adding a host'];
    const line = want.key === undefined ? undefined : readKnownKey(want.key);
    if (want.key !== undefined && !line) return [`key is not a line of known_hosts: ${want.key.trim()}`];
    if (line && !isAbout(line, nameOf(want)))
      return [
        `Host parameter does not match hashed host field in supplied key: the key is for ${line.hosts}`,
      ];
    return refuseEditedFile({ path: have.target, create: true }, have, true);
  },
  diff: (want, have) => diffEditedFile({ path: have.target }, have, edited(want, have)),
  steps: (want, changes, have) => writeEditedFile({ path: have.target }, changes, have, edited(want, have)),
  after: (want, have) => editedFileAfter({ path: have.target }, have, edited(want, have)),
  result: (want, have, outputs) => ({
    ...editedFileResult({ path: have.target }, have, outputs, ''),
    name: want.name,
    key: lineOf(want) ?? null,
    hash_host: want.hash_host ?? false,
    state: want.state ?? 'present',
  }),
};
