import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';
import { OpensslAuthority, openssl } from '../../helpers/tls-logs/openssl-authority.ts';

const script = join(import.meta.dirname, '../../../roles/logstash_tls/files/acme-json.sh');
let made: OpensslAuthority;

beforeAll(() => {
  made = new OpensslAuthority();
  made.root('root', 'basicConstraints=critical,CA:true');
  for (const name of ['one', 'two']) made.issue(name, 'root', 'basicConstraints=CA:false');
});
afterAll(() => made.remove());

const base64 = (text: string) => Buffer.from(text).toString('base64');
// As Traefik writes keys: PKCS#1.
const key = (name: string) => openssl(made.directory, 'pkey', '-in', `${name}.key`, '-traditional');

function entry(name: string, domain: object, keyOf = name) {
  return { domain, certificate: base64(made.pem(name, 'root')), key: base64(key(keyOf)), Store: 'default' };
}

const file = (...entries: readonly object[]) => ({
  le: {
    Account: { Email: 'me@x', Registration: { body: {} }, PrivateKey: 'AAAA', KeyType: '4096' },
    Certificates: entries,
  },
  empty: { Account: null, Certificates: null },
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'with %s',
  (_name, [shell, ...options]) => {
    const fresh = scratch();

    function take(json: string, name = 'logs.lab', directory = fresh()) {
      const place = join(directory, 'place');
      writeFileSync(join(directory, 'acme.json'), json);
      const words = options.filter((word) => word !== '-s');
      const run = () =>
        spawnSync(shell, [...words, script, join(directory, 'acme.json'), name, place], { encoding: 'utf8' });
      return { place, run };
    }

    test.each<[string, readonly (() => object)[], string]>([
      [
        'its main name',
        [() => entry('two', { main: 'other.lab' }), () => entry('one', { main: 'logs.lab' })],
        'one',
      ],
      [
        'one of its names',
        [
          () => entry('one', { main: 'x.lab', sans: ['y.lab', 'logs.lab'] }),
          () => entry('two', { main: 'z' }),
        ],
        'one',
      ],
      [
        'a wildcard',
        [() => entry('two', { main: '*.other.lab' }), () => entry('one', { main: '*.lab' })],
        'one',
      ],
    ])('found by %s, however it is written', (_title, entries, name) => {
      for (const indent of [0, 2]) {
        const { place, run } = take(JSON.stringify(file(...entries.map((one) => one())), null, indent));
        expect(run()).toMatchObject({ status: 0, stdout: 'changed\n', stderr: '' });
        expect(readFileSync(join(place, 'fullchain.pem'), 'utf8')).toBe(made.pem(name, 'root'));
        expect(readFileSync(join(place, 'privkey.pem'), 'utf8')).toBe(key(name));
        expect(statSync(join(place, 'privkey.pem')).mode & 0o777).toBe(0o600);
        expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
      }
    });

    test.each<[string, () => string, string]>([
      [
        'another name',
        () => JSON.stringify(file(entry('one', { main: 'logs.lab.other' }))),
        'has no certificate for logs.lab',
      ],
      ['no certificates yet', () => JSON.stringify(file()), 'has no certificate for logs.lab'],
      ['nothing', () => '', 'has no certificate for logs.lab'],
      [
        'a key of another',
        () => JSON.stringify(file(entry('one', { main: 'logs.lab' }, 'two'))),
        'do not belong together',
      ],
    ])('%s: said, and what is there stays', (_title, json, says) => {
      const directory = fresh();
      mkdirSync(join(directory, 'place'));
      writeFileSync(join(directory, 'place/fullchain.pem'), 'old');
      const { place, run } = take(json(), 'logs.lab', directory);
      expect(run()).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(says) });
      expect(readFileSync(join(place, 'fullchain.pem'), 'utf8')).toBe('old');
    });
  },
);
