import { type Static, Type } from 'typebox';
import { hashedPassword, isPassword, passwordSchemes } from './accounts/password-hash.ts';
import { hostPath, ownershipArguments } from './argument-schemas.ts';
import { alteredLines, contentLines } from './files/altered-lines.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFilePaths,
  editMessage,
  probeEditedFile,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { filePremises } from './files/file-premises.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file of users and their passwords'),
    name: Type.String({ pattern: '^[^:\\n\\u0000]+$', description: 'the user' }),
    password: Type.Optional(
      Type.String({ pattern: '^[^\\n\\u0000]*$', description: 'the password; needed for a new user' }),
    ),
    crypt_scheme: Type.Optional(
      Type.Enum([...passwordSchemes], {
        default: 'apr_md5_crypt',
        description: 'how a password is written down; for others write the file with copy',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'whether the user should be there',
      }),
    ),
    create: Type.Optional(Type.Boolean({ default: true, description: 'make the file when it is missing' })),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

// One salt for each task: what is compared and what is written must be the same.
const written = new WeakMap<Arguments, string>();

function writtenPassword(want: Arguments): string {
  const known =
    written.get(want) ?? hashedPassword(want.password ?? '', want.crypt_scheme ?? 'apr_md5_crypt');
  written.set(want, known);
  return known;
}

function isOf(name: string): (line: string) => boolean {
  return (line) => line.startsWith(`${name}:`);
}

function storedPassword({ name }: Arguments, { content }: EditedFileState): string | undefined {
  return contentLines(content)
    .find(isOf(name))
    ?.slice(name.length + 1);
}

function isAsWanted(want: Arguments, have: EditedFileState): boolean {
  const stored = storedPassword(want, have);
  if (want.state === 'absent') return stored === undefined;
  return stored !== undefined && (want.password === undefined || isPassword(want.password, stored));
}

function edited(want: Arguments, have: EditedFileState): Buffer | undefined {
  if (want.state === 'absent' && have.content === undefined) return undefined;
  if (isAsWanted(want, have)) return have.content;
  const own = isOf(want.name);
  return alteredLines(have.content, (lines) => {
    if (want.state === 'absent') return lines.filter((line) => !own(line));
    const line = `${want.name}:${writtenPassword(want)}`;
    const at = lines.findIndex(own);
    return at < 0 ? [...lines, line] : lines.with(at, line);
  });
}

function said(want: Arguments, have: EditedFileState): string {
  const { name, path } = want;
  if (want.state === 'absent') return isAsWanted(want, have) ? `${name} not present` : `Remove ${name}`;
  if (have.stat.kind === 'absent') return `Created ${path} and added ${name}`;
  return isAsWanted(want, have) ? `${name} already present` : `Add/update ${name}`;
}

function userChange(want: Arguments, have: EditedFileState): readonly Change[] {
  if (isAsWanted(want, have)) return [];
  const attribute = `user ${want.name}`;
  if (want.state === 'absent') return [{ attribute, from: 'present', to: 'absent' }];
  return storedPassword(want, have) === undefined
    ? [{ attribute, from: 'absent', to: 'present' }]
    : [{ attribute, from: 'other password', to: 'wanted password' }];
}

/** Users of a web server and their passwords. */
export const htpasswd: HostResource<Arguments, EditedFileState> = {
  kind: 'host',
  name: 'htpasswd',
  summary:
    'Add, change or remove a user in a password file of a web server; the host needs no program for it',
  schema,
  argumentAliases: { path: ['dest', 'destfile'], name: ['username'] },
  effect: 'contained',
  paths: ({ path }) => editedFilePaths(path),
  // What stands in the file is shown to nobody.
  probe: ({ path }) => probeEditedFile(path, { contents: false }),
  premises: (want) => filePremises(want, undefined),
  refuse(want, have) {
    const create = want.create !== false;
    const missing =
      want.state !== 'absent' && want.password === undefined && storedPassword(want, have) === undefined;
    return [
      ...refuseEditedFile({ ...want, create }, have, want.state !== 'absent'),
      ...(missing ? [`password is needed: ${want.path} has no user ${want.name} yet`] : []),
    ];
  },
  diff: (want, have) => [...userChange(want, have), ...diffEditedFile(want, have, edited(want, have))],
  steps: (want, changes, have) => writeEditedFile(want, changes, have, edited(want, have)),
  result: (want, have, _outputs, before = have) => ({ msg: editMessage(said(want, before), want, before) }),
};
