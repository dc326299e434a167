import { chmodSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFiles } from '../../../../../src/domains/tls-logs/probes/changed-files.ts';
import { daemonUser } from '../../../../../src/domains/tls-logs/probes/daemon-user.ts';
import { pem } from '../../../../../src/domains/tls-logs/probes/pem.ts';
import { store } from '../../../../../src/domains/tls-logs/probes/store.ts';
import { ProbeError } from '../../../../../src/probes/probe-error.ts';
import { answers } from '../../../../helpers/probes/probe-host.ts';
import { FakeHost } from '../../../../helpers/resources/fake-host.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { layVersion } from '../../../../helpers/tls-logs/lay-version.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  for (const name of ['one', 'two']) made.root(name, 'subjectAltName=DNS:log.example.com');
});
afterAll(() => made.remove());

const key = (name: string) => readFileSync(join(made.directory, `${name}.key`), 'utf8');
const lay = (dest: string, version: string, name: string) =>
  layVersion(dest, version, { pem: made.pem(name), key: key(name) });

describe('many questions are few programs', () => {
  const fresh = scratch();
  const logging = (...names: readonly string[]) => {
    const real = (name: string) =>
      `for real in /usr/bin/${name} /bin/${name}; do [ ! -x "$real" ] || exec "$real" "$@"; done`;
    return new FakeHost(fresh(), Object.fromEntries(names.map((name) => [name, real(name)])));
  };
  const called = (host: FakeHost) =>
    host
      .calls()
      .map((line) => line.split(' ')[0])
      .filter((word) => /^[a-z0-9]+$/.test(word ?? ''))
      .toSorted();

  test('of stores, of certificates, of users and of files', async () => {
    const directory = fresh();
    const dests = [1, 2, 3, 4].map((n) => join(directory, `store${n}`));
    for (const dest of dests) {
      lay(dest, '20260101T000000Z', 'one');
      cpSync(join(dest, '20260101T000000Z'), join(dest, '20260201T000000Z'), { recursive: true });
      symlinkSync('20260201T000000Z', join(dest, 'current'));
    }
    const host = logging('stat', 'sed', 'openssl', 'readlink', 'id', 'find', 'cat', 'sha256sum');
    await answers(
      host,
      dests.map((dest) => store({ dest, keys: 'public' })),
    );
    expect(called(host)).toEqual(['openssl', 'openssl', 'openssl', 'openssl', 'sed', 'stat']);
    await answers(
      host,
      dests.map((dest) => store({ dest, keys: 'sums' })),
    );
    expect(called(host)).toEqual(['sed', 'sha256sum', 'stat']);
    await answers(
      host,
      dests.map((dest) => pem(join(dest, 'current/fullchain.pem'))),
    );
    expect(called(host)).toEqual(['sed']);
    await answers(
      host,
      dests.map((dest) => changedFiles([join(dest, '2026*')])),
    );
    expect(called(host)).toEqual(['find', 'find']);
    await answers(host, [daemonUser('echo daemon'), daemonUser('echo daemon'), daemonUser(undefined)]);
    expect(called(host)).toEqual(['id']);
  });

  test('a host that answers nonsense, or nothing, is an error and no more', async () => {
    const asks = [
      store({ dest: '/x', keys: 'public' }),
      pem('/x'),
      daemonUser('echo x'),
      changedFiles(['/x']),
    ];
    for (const stdout of ['', 'part owner\npart chain\n', 'store\nversion', 'of 0\0', 'there\n', '\0\n\0']) {
      for (const { kind, question } of asks) {
        const read = kind.read({ code: 0, stdout, stderr: '' }, [question, question]);
        expect(read).toHaveLength(2);
        expect(read.some((one) => one instanceof ProbeError || stdout !== '')).toBe(true);
      }
    }
  });

  test.skipIf(process.getuid?.() !== 0)('what may not be read does not spoil its neighbours', async () => {
    const directory = fresh();
    chmodSync(directory, 0o755);
    lay(join(directory, 'open'), '20260101T000000Z', 'one');
    lay(join(directory, 'shut'), '20260101T000000Z', 'one');
    chmodSync(join(directory, 'shut/20260101T000000Z'), 0o700);
    writeFileSync(join(directory, 'secret'), made.pem('one'), { mode: 0o600 });
    chmodSync(join(directory, 'open/20260101T000000Z/privkey.pem'), 0o644);
    const stranger = new ShellHost(['setpriv', '--reuid=65534', '--clear-groups', 'sh', '-s']);
    const [open, shut, secret, fine] = await answers(stranger, [
      store({ dest: join(directory, 'open'), keys: 'public' }),
      store({ dest: join(directory, 'shut'), keys: 'public' }),
      pem(join(directory, 'secret')),
      pem(join(directory, 'open/20260101T000000Z/fullchain.pem')),
    ]);
    expect(open).toMatchObject({ versions: [{ chain: made.pem('one'), publicKey: made.publicKey('one') }] });
    expect(shut).toMatchObject({ versions: [{ chain: '', publicKey: '', keyOwnership: '' }] });
    expect(secret).toEqual({ kind: 'unreadable' });
    expect(fine).toEqual({ kind: 'there', pem: made.pem('one') });
  });
});
