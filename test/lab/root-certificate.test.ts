import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Authority } from '../helpers/lab/authority.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import { named, readEvents } from '../helpers/lab/run-events.ts';

const fileServer = join(import.meta.dirname, '../helpers/lab/file-server.ts');
// What the roles pin: ISRG Root X1 of Let's Encrypt.
const pinned =
  '96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6';
const onHost = '/etc/ssl/certs/ISRG_Root_X1.pem';
const dest = '/root/server-ca.pem';

describe('the root of a public authority, from the first source that has it', () => {
  let lab: Lab;
  let folder: PlaybookFolder;
  let url: string;
  let isrg: string;
  let other: string;

  beforeAll(async () => {
    lab = await Lab.up(1, 'bookworm', 'rootcert');
    folder = await PlaybookFolder.open(lab, ['h1']);
    url = `http://${(await lab.ctl(['getent', 'hosts', 'ctl.lab'])).stdout.split(' ')[0]}:8080/isrg.pem`;
    const roots = rootCertificates.filter((pem) => new X509Certificate(pem).fingerprint256 === pinned);
    isrg = `${roots.join('\n')}\n`;
    other = await readFile((await Authority.create(join(folder.path, 'authority'))).root, 'utf8');
    await lab.sh('h1', 'apt-get -qq update && apt-get -qq install -y wget >/dev/null 2>&1');
  });
  beforeEach(() => lab.sh('h1', `rm -f ${onHost} ${dest}`));
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  async function bring(...args: readonly string[]) {
    await folder.write(
      'root.yml',
      `- hosts: all
  tasks:
    - name: Root
      root_certificate:
        dest: ${dest}
        fingerprint: "{{ fingerprint | default('${pinned}') }}"
        paths: [${onHost}]
        url: ${url}
        mode: '0644'
`,
    );
    return readEvents(await folder.apply('root.yml', '--json', ...args));
  }

  /** The root lies there, alone; another run has nothing to do. */
  async function expectBrought(run: Awaited<ReturnType<typeof bring>>): Promise<void> {
    expect(run).toExitWith(0);
    expect(named(run, 'changed')).toEqual(['h1: Root']);
    const pem = await lab.sh('h1', `cat ${dest}`);
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    const found = new X509Certificate(pem);
    expect(found.fingerprint256).toBe(pinned);
    expect(found.subject).toContain('CN=ISRG Root X1');
    expect(await lab.sh('h1', `stat -c '%a %U:%G' ${dest}`)).toBe('644 root:root\n');
    expect(named(await bring(), 'changed')).toEqual([]);
  }

  /** Runs with a web server that offers that text; returns how often it was asked. */
  async function withServer<T>(
    text: string,
    work: () => Promise<T>,
  ): Promise<{ result: T; requests: number }> {
    await folder.write('isrg.pem', text);
    const server = lab.start([process.execPath, fileServer, folder.path, '8080']);
    await server.said('serving');
    const result = await work().finally(() => server.child.kill());
    return { result, requests: ((await server.result).stdout.match(/^sent isrg/gm) ?? []).length };
  }

  test('it is on the host: nobody else is asked', async () => {
    await lab.sh('h1', `cat >${onHost}`, { input: `some words before\n${isrg}${other}` });
    const { result, requests } = await withServer(isrg, () => bring());
    await expectBrought(result);
    expect(requests).toBe(0);
  });

  test('it is not there, but can be downloaded', async () => {
    const { result, requests } = await withServer(isrg, () => bring());
    await expectBrought(result);
    expect(requests).toBe(1);
  });

  test('what lies there and what is offered is something else: the roots of Node have it', async () => {
    await lab.sh('h1', `cat >${onHost}`, { input: other });
    const { result, requests } = await withServer(other, () => bring());
    await expectBrought(result);
    expect(requests).toBe(1);
  });

  test('no network, nothing there: the roots of Node have it', async () => {
    await expectBrought(await bring());
  });

  test('a wrong root in its place is replaced', async () => {
    await lab.sh('h1', `cat >${dest}`, { input: other });
    await expectBrought(await bring());
  });

  test('nobody has what is wanted: nothing is written', async () => {
    await lab.sh('h1', `cat >${onHost}`, { input: isrg });
    const { result } = await withServer(isrg, () => bring('-e', `fingerprint=${pinned.replace('96', '97')}`));
    expect(result).toExitWith(2);
    expect(result.stdout).toContain('no source gave the root certificate with the wanted SHA-256');
    expect(await lab.sh('h1', `ls -A /root | grep -e server-ca -e provision || true`)).toBe('');
  });
});
