import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { armored, readKeys } from '../../../src/resources/apt/openpgp-keys.ts';
import { listName, readSourceLine } from '../../../src/resources/apt/source-lines.ts';
import { aptKey } from '../../../src/resources/apt-key.ts';
import { aptRepository } from '../../../src/resources/apt-repository.ts';
import { deb822Repository } from '../../../src/resources/deb822-repository.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { keybox, oneKey, twoKey } from '../../helpers/resources/public-keys.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

/** A host whose apt has its files in a directory of this machine, and whose apt-get and curl are stand-ins. */
function aptHost(given: { readonly update?: string; readonly curl?: string } = {}) {
  const root = fresh();
  for (const name of ['parts', 'trusted']) mkdirSync(join(root, name));
  writeFileSync(
    join(root, 'apt.conf'),
    `Dir::Etc::sourcelist "${root}/sources.list";
Dir::Etc::sourceparts "${root}/parts/";
Dir::Etc::trusted "${root}/trusted.gpg";
Dir::Etc::trustedparts "${root}/trusted/";
`,
  );
  const programs = {
    'apt-get': `echo "$@" >>${root}/said; ${given.update ?? 'exit 0'}`,
    ...(given.curl !== undefined && { curl: given.curl }),
  };
  return { root, host: hostWith(join(root, 'bin'), programs, { APT_CONFIG: join(root, 'apt.conf') }) };
}

describe('apt_repository', () => {
  test.each([
    ['deb http://x.org/debian stable main', true, 'deb http://x.org/debian stable main', ''],
    ['  deb   [arch=amd64]  http://x y', true, 'deb [arch=amd64] http://x y', ''],
    ['# deb-src http://x y z # why', false, 'deb-src http://x y z', 'why'],
  ])('%s', (line, enabled, source, comment) => {
    expect(readSourceLine(line)).toEqual({ enabled, source, comment });
  });

  // As Ansible names them.
  test.each([
    ['deb http://archive.canonical.com/ubuntu hardy partner', 'archive_canonical_com_ubuntu.list'],
    [
      'deb [arch=amd64 signed-by=/x] https://u:p@download.docker.com/linux/debian x stable',
      'download_docker_com_linux_debian.list',
    ],
    ['ppa:nginx/stable_jammy', 'ppa_nginx_stable_jammy.list'],
  ])('a file for %s', (source, name) => expect(listName(source)).toBe(name));

  const repo = 'deb [signed-by=/k] https://x.org/debian bookworm main';

  test('comes in a file of its own, once, and goes with it', async () => {
    const { root, host } = aptHost();
    const first = await host.apply(aptRepository, { repo });
    const file = join(root, 'parts/x_org_debian.list');
    expect(first.changes[0]).toMatchObject({ from: 'absent', to: 'file', text: { after: `${repo}\n` } });
    expect(first.result).toEqual({ repo, state: 'present', sources_added: [file], sources_removed: [] });
    expect(readFileSync(file, 'utf8')).toBe(`${repo}\n`);
    expect(readFileSync(join(root, 'said'), 'utf8')).toContain(' update ');
    expect((await host.apply(aptRepository, { repo: repo.replaceAll(' ', '  ') })).changes).toEqual([]);
    const gone = await host.apply(aptRepository, { repo, state: 'absent', update_cache: false });
    expect(gone.result.sources_removed).toEqual([file]);
    expect(existsSync(file)).toBe(false);
    expect((await host.apply(aptRepository, { repo, state: 'absent' })).changes).toEqual([]);
  });

  test('one that is switched off is put to use where it stands', async () => {
    const { root, host } = aptHost();
    writeFileSync(join(root, 'sources.list'), `# mine\n#${repo} # why\ndeb http://y z\n`);
    await host.apply(aptRepository, { repo, filename: 'other', update_cache: false });
    expect(readFileSync(join(root, 'sources.list'), 'utf8')).toBe(`# mine\n${repo} # why\ndeb http://y z\n`);
    expect(existsSync(join(root, 'said'))).toBe(false);
    await host.apply(aptRepository, { repo, state: 'absent', update_cache: false });
    expect(readFileSync(join(root, 'sources.list'), 'utf8')).toBe('# mine\ndeb http://y z\n');
  });

  test('all is as before when the lists cannot be fetched', async () => {
    const { root, host } = aptHost({ update: 'echo E: no such host >&2; exit 100' });
    const { outputs } = await host.apply(aptRepository, { repo, update_cache_retries: 1 });
    expect(outputs.at(-1)).toMatchObject({ code: 1, stderr: expect.stringContaining('no such host') });
    expect(readdirSync(join(root, 'parts'))).toEqual([]);
  });

  test('a PPA brings its key', async () => {
    const key = 'AB'.repeat(20);
    const curl = `read -r line; case $line in
*launchpad.net/api/1.0/~me/+archive/tools*) echo '{"signing_key_fingerprint": "${key}", "x": 1}' ;;
*0x${key}*) echo '-----BEGIN PGP PUBLIC KEY BLOCK-----' ;;
*) exit 1 ;;
esac`;
    const { root, host } = aptHost({ curl });
    const args = { repo: 'ppa:me/tools', codename: 'noble', mode: '0640' };
    const { outputs } = await host.apply(aptRepository, args);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
    expect(readFileSync(join(root, 'parts/ppa_me_tools_noble.list'), 'utf8')).toBe(
      'deb http://ppa.launchpad.net/me/tools/ubuntu noble main\n',
    );
    expect(readFileSync(join(root, 'trusted/ppa-me-tools.asc'), 'utf8')).toContain('BEGIN PGP');
    expect((await host.apply(aptRepository, args)).changes).toEqual([]);
  });

  test('what is no repository is refused', async () => {
    const { host } = aptHost();
    expect((await host.plan(aptRepository, { repo: 'http://x' })).refused).toEqual([
      'Invalid repository string: http://x',
    ]);
  });
});

describe('keys', () => {
  test.each([
    ['text', Buffer.from(oneKey.text), [oneKey]],
    ['text of two', Buffer.from(`mine\n${oneKey.text}${twoKey.text}`), [oneKey, twoKey]],
    [
      'bytes',
      Buffer.concat(readKeys(Buffer.from(oneKey.text + twoKey.text)).map(({ bytes }) => bytes)),
      [oneKey, twoKey],
    ],
    ["GnuPG's own form", keybox, [oneKey, twoKey]],
    ['text of ours', armored(readKeys(Buffer.from(oneKey.text))[0]?.bytes ?? Buffer.alloc(0)), [oneKey]],
    ['nothing', Buffer.from('no key'), []],
    ['a key cut short', readKeys(Buffer.from(oneKey.text))[0]?.bytes.subarray(0, 200) ?? Buffer.alloc(0), []],
  ])('%s', (_, bytes, keys) => {
    expect(readKeys(bytes).map(({ fingerprint, ids }) => ({ fingerprint, ids }))).toEqual(
      keys.map(({ fingerprint, ids }) => ({ fingerprint, ids })),
    );
  });
});

describe('apt_key', () => {
  test('a key given as text comes once, and goes', async () => {
    const { root, host } = aptHost();
    const file = join(root, `trusted/provision-${oneKey.ids[0]}.gpg`);
    const first = await host.apply(aptKey, { data: oneKey.text });
    expect(first.changes).toEqual([
      { attribute: `key ${oneKey.fingerprint} in ${file}`, from: 'absent', to: 'present' },
    ]);
    expect(first.result).toMatchObject({
      id: oneKey.fingerprint,
      key_id: oneKey.fingerprint,
      fp: oneKey.ids[0],
      short_id: '60B42AA1',
      before: [],
    });
    expect(readKeys(readFileSync(file))).toHaveLength(1);
    for (const id of [undefined, '60B42AA1', '0x102949e0ecfad3dc', oneKey.fingerprint])
      expect((await host.apply(aptKey, { data: oneKey.text, id })).changes).toEqual([]);
    expect((await host.apply(aptKey, { id: oneKey.ids[0], state: 'absent' })).changes).toHaveLength(1);
    expect(existsSync(file)).toBe(false);
  });

  test('a keyring has several', async () => {
    const { root, host } = aptHost();
    const keyring = join(root, 'ring.gpg');
    writeFileSync(join(root, 'key'), twoKey.text);
    await host.apply(aptKey, { data: oneKey.text, keyring });
    await host.apply(aptKey, { file: join(root, 'key'), keyring });
    expect(readKeys(readFileSync(keyring)).map(({ fingerprint }) => fingerprint)).toEqual([
      oneKey.fingerprint,
      twoKey.fingerprint,
    ]);
    await host.apply(aptKey, { id: oneKey.fingerprint, keyring, state: 'absent' });
    expect(readKeys(readFileSync(keyring)).map(({ fingerprint }) => fingerprint)).toEqual([
      twoKey.fingerprint,
    ]);
  });

  test.each([
    ['ring.gpg', 'text'],
    ['ring.asc', 'text'],
    ['ring.asc', 'bytes'],
  ])('an address: into %s, from %s', async (name, form) => {
    const { root, host } = aptHost();
    const keyring = join(root, name);
    const bytes = readKeys(Buffer.from(twoKey.text))[0]?.bytes ?? '';
    writeFileSync(join(root, 'key'), form === 'text' ? twoKey.text : bytes);
    writeFileSync(
      keyring,
      name.endsWith('.asc') ? oneKey.text : (readKeys(Buffer.from(oneKey.text))[0]?.bytes ?? ''),
    );
    const args = { url: `file://${root}/key`, keyring };
    const both = async () => readKeys(readFileSync(keyring)).map(({ fingerprint }) => fingerprint);
    await host.apply(aptKey, { ...args, id: twoKey.fingerprint });
    expect(await both()).toEqual([oneKey.fingerprint, twoKey.fingerprint]);
    expect((await host.apply(aptKey, { ...args, id: twoKey.fingerprint })).changes).toEqual([]);
    // Without an id the address is asked each time.
    expect((await host.apply(aptKey, args)).changes).toEqual([]);
  });

  test('a keyserver is asked for the id', async () => {
    const curl = `read -r line; case $line in *http://keys.example.org:11371/pks/lookup*0x${twoKey.fingerprint}*) cat <<'E'
${twoKey.text}E
;; *) exit 1 ;; esac`;
    const { host } = aptHost({ curl });
    const args = { keyserver: 'keys.example.org', id: twoKey.fingerprint };
    expect((await host.apply(aptKey, args)).outputs.map(({ code }) => code)).toEqual([0]);
    expect((await host.apply(aptKey, args)).changes).toEqual([]);
  });

  test.each([
    [{ data: 'no key' }, 'holds no public key'],
    [{ data: oneKey.text, id: twoKey.fingerprint }, `not the key ${twoKey.fingerprint}`],
    [{ keyserver: 'k' }, 'keyserver needs id'],
    [{ state: 'absent' }, 'give id'],
    [{ id: oneKey.fingerprint }, 'give data, file, url or keyserver'],
    [{ data: 'x', url: 'https://y' }, 'exclude each other'],
    [{ url: 'file:///no/such' }, 'could not be fetched'],
    [{ file: '/no/such' }, 'there is no file /no/such'],
  ])('%j is refused', async (args, why) => {
    const { host } = aptHost();
    expect((await host.plan(aptKey, args)).refused).toEqual([expect.stringContaining(why)]);
  });

  test("a keyring in GnuPG's own form is read, and not written", async () => {
    const { root, host } = aptHost();
    const keyring = join(root, 'ring.gpg');
    writeFileSync(keyring, keybox);
    expect((await host.plan(aptKey, { keyring, data: oneKey.text })).changes).toEqual([]);
    const gone = await host.plan(aptKey, { keyring, id: oneKey.fingerprint, state: 'absent' });
    expect(gone.refused).toEqual([expect.stringContaining('gpg --export')]);
  });
});

describe('deb822_repository', () => {
  // Its places are fixed: here they lie in a directory of this machine.
  function run(root: string, value: object) {
    const probe: typeof deb822Repository.probe = (want, options) => {
      const { asks, read } = deb822Repository.probe(want, options);
      const moved = (question: unknown) => JSON.parse(JSON.stringify(question).replaceAll('/etc/apt', root));
      return { asks: asks.map((ask) => ({ ...ask, question: moved(ask.question) })), read };
    };
    return new ShellHost().apply({ ...deb822Repository, probe }, value);
  }

  const args = {
    name: 'Docker CE_stable!',
    types: 'deb',
    uris: 'https://download.docker.com/linux/debian',
    suites: 'bookworm',
    components: ['stable'],
    architectures: ['amd64', 'arm64'],
    enabled: true,
  };
  // As Ansible writes it.
  const text = (key: string) => `Architectures: amd64 arm64
Components: stable
Enabled: yes
X-Repolib-Name: Docker CE_stable!
Signed-By:${key}
Suites: bookworm
Types: deb
URIs: https://download.docker.com/linux/debian
`;

  test('a key behind an address lies beside it', async () => {
    const root = fresh();
    writeFileSync(join(root, 'key'), oneKey.text);
    const wanted = { ...args, signed_by: `file://${root}/key` };
    const { outputs, result } = await run(root, wanted);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual(outputs.map(() => [0, '']));
    const key = join(root, 'keyrings/docker-ce-stable.asc');
    expect(result).toMatchObject({
      dest: '/etc/apt/sources.list.d/docker-ce-stable.sources',
      key_filename: key,
    });
    const file = join(root, 'sources.list.d/docker-ce-stable.sources');
    expect(readFileSync(file, 'utf8')).toBe(text(` ${key}`));
    expect(readFileSync(join(root, 'keyrings/docker-ce-stable.asc'), 'utf8')).toBe(oneKey.text);
    const gone = await run(root, { name: args.name, state: 'absent' });
    expect(gone.changes).toHaveLength(2);
    expect(readdirSync(join(root, 'keyrings'))).toEqual([]);
    expect((await run(root, { name: args.name, state: 'absent' })).changes).toEqual([]);
  });

  test('a path stays a path, and once is enough', async () => {
    const root = fresh();
    const wanted = { ...args, signed_by: '/usr/share/keyrings/x.gpg', mode: '0600' };
    expect((await run(root, wanted)).result.repo).toBe(text(' /usr/share/keyrings/x.gpg'));
    expect((await run(root, wanted)).changes).toEqual([]);
    expect((await run(root, { ...wanted, mode: '0644' })).changes).toEqual([
      { attribute: 'mode', from: '0600', to: '0644' },
    ]);
  });

  test('a key given as text stands in the file', async () => {
    const { result } = await run(fresh(), { ...args, signed_by: 'A\n\nB\n' });
    expect(result.repo).toBe(text('\n A\n .\n B'));
  });

  test('an address that gives nothing is refused', async () => {
    const { refused } = await run(fresh(), { ...args, signed_by: 'file:///no/such' });
    expect(refused).toEqual([expect.stringContaining('Could not fetch signed_by key file:///no/such')]);
  });
});
