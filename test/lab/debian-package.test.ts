import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Base, Lab } from '../helpers/lab/lab.ts';
import { mustRun } from '../helpers/lab/process.ts';

const root = join(import.meta.dirname, '../..');
const output = mkdtempSync(join(tmpdir(), 'debian-package-'));
const [own, other] = process.arch === 'arm64' ? ['arm64', 'amd64'] : ['amd64', 'arm64'];
let version: string;

beforeAll(async () => {
  version = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version;
  await mustRun(
    process.execPath,
    [join(root, 'build/package/package.ts'), '--output', output, 'amd64', 'arm64'],
    {
      cwd: root,
    },
  );
});
afterAll(() => rmSync(output, { recursive: true, force: true }));

// Hosts have no sftp server.
const copy = 'ssh -F "$2" h1 "cat >/root/provision_own.deb" <"$1"';
const packageFile = (architecture: string | undefined) =>
  join(output, `provision_${version}_${architecture}.deb`);

const named = 'find /etc /opt /usr /var/lib -name "*provision*" | sort';

describe.each<Base>(['bookworm', 'trixie'])('on a bare host of %s', (base) => {
  let lab: Lab;
  // What bears its name, systemd's own files among it.
  let before: string;
  beforeAll(async () => {
    lab = await Lab.up(1, base, `deb${base}`);
    const copied = await lab.ctl(['sh', '-c', copy, 'sh', packageFile(own), lab.sshConfig]);
    expect(copied).toMatchObject({ code: 0, stderr: '' });
    await lab.sh('h1', 'apt-get -qq update');
    before = await lab.sh('h1', named);
  });
  afterAll(() => lab?.down());

  test('apt installs it, without another package and without Node', async () => {
    expect(await lab.exec('h1', 'command -v node')).not.toExitWith(0);
    const said = await lab.sh('h1', 'cd /root && apt-get install -y ./provision_*.deb 2>&1');
    expect(said).toMatch(/^0 upgraded, 1 newly installed, 0 to remove/m);
    expect(await lab.sh('h1', 'provision --version')).toBe(`${version}\n`);
    expect(await lab.exec('h1', 'command -v node')).not.toExitWith(0);
  });

  test('it checks a playbook that came with it, as any user', async () => {
    const validate = 'cd / && su admin -c "provision validate /usr/lib/provision/playbooks/home-lab.yml"';
    expect(await lab.sh('h1', validate)).toMatch(/: 10 plays, \d+ tasks, 3 hosts: ok\n$/);
  });

  test('completion, manual page, licences and guides are in their places, and belong to root', async () => {
    const bash = 'words() { COMP_WORDS=(provision ap); COMP_CWORD=1; _provision; echo "${COMPREPLY[@]}"; }';
    const load = '. /usr/share/bash-completion/completions/provision';
    expect(await lab.sh('h1', `bash -c '${load}; ${bash}; words'`)).toBe('apply\n');
    expect(await lab.sh('h1', 'zcat /usr/share/man/man1/provision.1.gz | head -1')).toContain(
      `provision ${version}`,
    );
    expect(await lab.sh('h1', 'grep -c "^Node 2" /usr/share/doc/provision/copyright')).toBe('1\n');
    const modeline =
      'cd /root && provision init new.yml --yes --server a --clients b >/dev/null && head -1 new.yml && rm new.yml';
    const [, schema = ''] = /\$schema=(\S+)\n$/.exec(await lab.sh('h1', modeline)) ?? [];
    expect(schema).toBe('/usr/share/provision/schemas/playbook.schema.json');
    expect(JSON.parse(await lab.sh('h1', `cat ${schema}`))).toHaveProperty('definitions.task');
    // An image of a lab leaves the documentation out of the packages that it is made of, not of those that come later.
    expect(await lab.sh('h1', 'head -1 /usr/share/doc/provision/docs/certificates.md')).toBe(
      '# Certificates for life\n',
    );
    const strange = await lab.sh(
      'h1',
      'dpkg -L provision | xargs -d "\\n" stat -Lc "%U:%G %a %n" | grep -v "^root:root [0-7]*[0145] " || :',
    );
    expect(strange).toBe('');
  });

  test('it has a unit for a worker of a fleet, which says what is missing', async () => {
    const make = 'adduser --quiet --system --group --home /var/lib/provision provision';
    await lab.sh('h1', `${make} && systemctl daemon-reload && systemctl start provision-worker@vienna`);
    const journal = 'journalctl -o cat -u provision-worker@vienna';
    const wait = `timeout 30 sh -c 'until ${journal} | grep -q "belongs to no fleet"; do sleep 0.2; done'`;
    await lab.sh(
      'h1',
      `${wait}; systemctl stop provision-worker@vienna; deluser --quiet provision; rm -rf /var/lib/provision`,
    );
    expect((await lab.sh('h1', journal)).replace(/\s+/g, ' ')).toContain(
      'there is no /etc/provision/fleet.json',
    );
  });

  test('it starts nearly as fast as Node itself', async () => {
    const node = '/usr/lib/provision/bin/node';
    const measure = `
const { spawnSync } = require('node:child_process');
const took = (...words) => {
  const begin = performance.now();
  spawnSync(process.execPath, words);
  return performance.now() - begin;
};
// In turn, and of each the quickest of all: what else the machine does meanwhile only adds to a time. It may add to every start of one
// of the two in a round, so there are up to five; neither quickest start is ever forgotten, so that no lucky round passes alone.
const least = [Infinity, Infinity];
for (let round = 0; round < 5 && !(least[0] / least[1] < 1.3); round += 1) {
  for (let pair = 0; pair < 41; pair += 1) {
    least[0] = Math.min(least[0], took('/usr/bin/provision', '--version'));
    least[1] = Math.min(least[1], took('-e', '0'));
  }
}
const ratio = least[0] / least[1];
console.log(ratio);`;
    const ratio = Number(await lab.sh('h1', `${node} -`, { input: measure }));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(1.3);
  });

  test('apt removes all of it', async () => {
    await lab.sh('h1', 'apt-get purge -y provision >/dev/null 2>&1');
    expect(await lab.sh('h1', named)).toBe(before);
  });
});

test('the one for the other processor has a Node for it', () => {
  const field = execFileSync('dpkg-deb', ['--field', packageFile(other), 'Architecture'], {
    encoding: 'utf8',
  });
  expect(field).toBe(`${other}\n`);
  const tree = join(output, 'tree');
  execFileSync('dpkg-deb', ['--extract', packageFile(other), tree]);
  const machine = readFileSync(join(tree, 'usr/lib/provision/bin/node')).readUInt16LE(18);
  // ELF's numbers: EM_AARCH64, EM_X86_64.
  expect(machine).toBe(other === 'arm64' ? 183 : 62);
});
