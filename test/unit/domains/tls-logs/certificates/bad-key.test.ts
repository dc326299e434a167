import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import {
  instead,
  made,
  makeAll,
  nobody,
  owner,
  type Place,
  put,
  type Row,
  refusal,
} from '../../../../helpers/tls-logs/bad-input.ts';

const fresh = scratch();
beforeAll(makeAll);
afterAll(() => made.remove());

const rows: readonly Row[] = [
  {
    what: 'the key of another certificate',
    key: 'client',
    says: /the key is not the one of the certificate for log\.example\.com: take certificate and key from the same issuance/,
  },
  {
    what: 'no key',
    spoil: ({ key: path }) => rmSync(path),
    says: /there is no key \S+privkey\.pem; put it there/,
  },
  {
    what: 'a link to no key',
    spoil: instead((path) => symlinkSync('gone.pem', path), 'key'),
    says: /there is no key/,
  },
  { what: 'a directory as key', spoil: instead(mkdirSync, 'key'), says: /the key \S+ is a directory/ },
  {
    what: 'an empty key',
    spoil: instead(
      put(() => ''),
      'key',
    ),
    says: /the key \S+ is empty/,
  },
  {
    what: 'an encrypted key',
    key: 'encrypted',
    says: /the key (\S+) is encrypted.*openssl pkey -in \1 -out \1\.plain/,
  },
  { what: 'an encrypted key in the old format', key: 'oldencrypted', says: /is encrypted.*openssl pkey -in/ },
  { what: "a key in OpenSSH's format", key: 'openssh', says: /ssh-keygen -p -m PEM/ },
  { what: 'a key in DER', key: 'der', says: /is not PEM: convert it with .*openssl pkey -in/ },
  { what: 'a damaged key', key: 'damaged', says: /openssl cannot read the key \S+: it is damaged/ },
  {
    what: 'a certificate as key',
    spoil: instead(
      put(() => made.pem('server')),
      'key',
    ),
    says: /holds a certificate and no key: are two names swapped\?/,
  },
  {
    what: 'text as key',
    spoil: instead(
      put(() => 'nonsense\n'),
      'key',
    ),
    says: /holds no private key; give a PEM key/,
  },
  {
    what: 'no openssl on the host',
    functions: 'command() { [ "$2" != openssl ]; }',
    says: /not installed: install openssl there/,
  },
  {
    what: 'a key that its user may not read',
    shell: nobody,
    spoil: ({ key: path }) => chmodSync(path, 0),
    says: /may not read the key \S+: let root do it \(become: true\)/,
  },
  {
    what: 'a key that everybody may read',
    spoil: ({ key: path }) => chmodSync(path, 0o644),
    says: /can be read by everybody on its host: chmod 600 \S+; .*get a new key/,
  },
  {
    what: 'a key that everybody may write',
    spoil: ({ key: path }) => chmodSync(path, 0o606),
    says: /can be read by everybody/,
  },
  {
    what: 'the key of some other user',
    functions: owner(1234, 'mallory'),
    says: /belongs to mallory, who can read and replace it: chown root /,
  },
  { what: 'the key of nobody', functions: owner(65534, 'nobody'), says: /belongs to nobody/ },
];

describe('certificate_check shows what is wrong with a key and how to fix it, and touches nothing', () => {
  it.each(rows)('$what', async (row) => {
    const refused = await refusal(row, fresh());
    expect(refused).toHaveLength(row.says ? 1 : 0);
    if (row.says) expect(refused[0]).toMatch(row.says);
  });
});

describe('certificate_check lets pass what is usual', () => {
  const layouts: readonly { what: string; lay: (place: Place) => void }[] = [
    {
      what: "certbot's links into a closed directory, with keys of old versions that had mode 0644",
      lay: ({ directory, key: path }) => closed(directory, path, 0o644),
    },
    {
      what: "certbot's links, with mode 0600",
      lay: ({ directory, key: path }) => closed(directory, path, 0o600),
    },
    { what: "a key for Debian's group ssl-cert", lay: ({ key: path }) => chmodSync(path, 0o640) },
    { what: 'a key that nobody may write', lay: ({ key: path }) => chmodSync(path, 0o400) },
  ];
  it.each(layouts)('$what', async ({ lay }) => {
    expect(await refusal({ what: '', spoil: lay, says: undefined }, fresh())).toEqual([]);
  });

  it.each([
    ['root', 0],
    ['a service that gets its own certificates', 998],
  ])('a key of %s', async (name, uid) => {
    expect(await refusal({ what: '', functions: owner(uid, name), says: undefined }, fresh())).toEqual([]);
  });
});

function closed(directory: string, path: string, mode: number): void {
  mkdirSync(join(directory, 'archive'), { mode: 0o700 });
  cpSync(path, join(directory, 'archive/privkey1.pem'));
  chmodSync(join(directory, 'archive/privkey1.pem'), mode);
  rmSync(path);
  symlinkSync('archive/privkey1.pem', path);
}
