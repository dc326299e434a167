import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeAuthority } from '../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { signRequest } from '../../src/domains/tls-logs/private-ca/issuing.ts';
import { makeAuthority } from '../../src/domains/tls-logs/private-ca/new-authority.ts';
import { readAuthority } from '../../src/domains/tls-logs/private-ca/private-ca-files.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import { type EventRun, named, readEvents, taskResults } from '../helpers/lab/run-events.ts';

const day = 86_400_000;
const passphrase = 'four random words here';
const own = '/root/own/current';

describe('the private CA through a life', () => {
  let lab: Lab;
  let folder: PlaybookFolder;
  let ca: string;

  beforeAll(async () => {
    lab = await Lab.up(2, 'bookworm', 'privateca');
    folder = await PlaybookFolder.open(lab, ['h1', 'h2']);
    ca = join(folder.path, 'ca');
    await folder.write('hosts.yml', `all:\n  hosts: {h1: , h2: }\n  vars: {dns: lab, wait: "", ca: ${ca}}\n`);
    await folder.write(
      'tls.yml',
      `- hosts: all
  tasks:
    - name: Root
      private_ca_root: {dest: /root/ca.pem, ca: "{{ ca }}", mode: '0644'}
    - name: Own
      private_ca_certificate:
        dest: /root/own
        ca: "{{ ca }}"
        names: ["{{ inventory_hostname }}.{{ dns }}"]
    - name: Wait
      command: sleep {{ wait }}
      when: wait
`,
    );
    await mkdir(join(folder.path, 'credentials'));
    await folder.write('passphrase', `${passphrase}\n`);
    await folder.write('credentials/provision-ca-passphrase', passphrase);
    // Old enough for certificates that were issued months ago.
    const longAgo = new Date(Date.now() - 200 * day);
    await storeAuthority(ca, await makeAuthority(longAgo, { permitted: ['lab'] }));
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  const apply = async (...args: readonly string[]) =>
    readEvents(await folder.apply('tls.yml', '--json', ...args));
  const provisionCa = (...words: readonly string[]) => lab.provision(['ca', ...words, '-d', ca]);
  const leaf = async (host: string) => new X509Certificate(await lab.sh(host, `cat ${own}/fullchain.pem`));
  const reasons = (run: EventRun) =>
    taskResults(run).flatMap(({ changes }) =>
      (changes ?? []).flatMap(({ attribute, to }) => (attribute === 'certificate' ? (to ?? []) : [])),
    );

  async function expectChanged(run: EventRun, ...results: readonly string[]): Promise<void> {
    expect(run).toExitWith(0);
    expect(named(run, 'changed').toSorted()).toEqual([...results].toSorted());
  }

  /** What each host has is accepted under the root that it has; another run finds nothing to do. */
  async function expectInOrder(): Promise<void> {
    for (const host of ['h1', 'h2']) {
      const verify = `openssl verify -x509_strict -purpose sslclient -CAfile /root/ca.pem ${own}/fullchain.pem`;
      expect(await lab.sh(host, verify)).toContain('OK');
      expect(await lab.sh(host, `stat -c '%a %U' ${own}/privkey.pem`)).toBe('600 root\n');
    }
    await expectChanged(await apply());
  }

  /** Puts a certificate in use on h1 that was issued, for its present key, that many days ago. */
  async function age(days: number): Promise<void> {
    const authority = readAuthority(ca);
    if (authority?.key.kind !== 'plain') throw new Error('the CA has no plain key');
    const request = await lab.sh('h1', `openssl req -new -key ${own}/privkey.pem -subj /CN=x`);
    const wanted = { names: ['h1.lab'], days: 90, server: false };
    const { certificate, key } = authority;
    const then = new Date(Date.now() - days * day);
    const chain = await signRequest(request, wanted, { certificate, key: key.key }, then);
    await lab.sh('h1', `cat >${own}/fullchain.pem`, { input: chain });
  }

  test('both hosts get theirs; a name outside the constraints is refused before anything is done', async () => {
    await expectChanged(await apply(), 'h1: Own', 'h1: Root', 'h2: Own', 'h2: Root');
    await expectInOrder();
    const refused = await apply('-e', 'dns=lan');
    expect(refused).toExitWith(2);
    expect(refused.stdout).toContain(
      `the private CA in ${ca} may certify only lab and what is below: not h1.lan`,
    );
    const planned = await apply('--check', '-e', 'dns=lan');
    expect(planned).toExitWith(2);
    expect(named(planned, 'failed')).toEqual(['h1: Own', 'h2: Own']);
    await expectInOrder();
  });

  test('an ordinary apply renews at two thirds of life, not before, and a plan says so', async () => {
    await age(59);
    await expectChanged(await apply());
    await age(61);
    const plan = await apply('--check');
    expect(named(plan, 'changed')).toEqual(['h1: Own']);
    expect(reasons(plan)).toEqual([
      'h1.lab, 90 days, from the private CA (the old one has 28 days left, fewer than 30)',
    ]);
    const before = await leaf('h1');
    await expectChanged(await apply(), 'h1: Own');
    const after = await leaf('h1');
    expect((after.validToDate.getTime() - Date.now()) / day).toBeCloseTo(90, 1);
    expect(after.publicKey.equals(before.publicKey)).toBe(false);
    await expectInOrder();
  });

  test('a name that is to be renewed gets a new key at the next apply', async () => {
    const before = await leaf('h2');
    expect(await provisionCa('renew', 'h2.lab')).toExitWith(0);
    await expectChanged(await apply(), 'h2: Own');
    expect((await leaf('h2')).publicKey.equals(before.publicKey)).toBe(false);
    await expectInOrder();
  });

  test('a revoked certificate is replaced, and no other', async () => {
    const before = await leaf('h1');
    const { code, stdout } = await provisionCa('revoke', 'h1.lab');
    expect(code).toBe(0);
    expect(stdout).toContain(before.serialNumber);
    const run = await apply();
    expect(reasons(run)).toEqual(['h1.lab, 90 days, from the private CA (the old one was revoked)']);
    await expectChanged(run, 'h1: Own');
    expect((await leaf('h1')).serialNumber).not.toBe(before.serialNumber);
    await expectInOrder();
  });

  test('the CA cannot be replaced while a run uses it; afterwards both hosts move to the new one', async () => {
    expect(await provisionCa('renew', 'h1.lab')).toExitWith(0);
    const running = folder.start('tls.yml', '--json', '-e', 'wait=8');
    await running.said('"name":"Own"');
    const until = Date.now() + 20_000;
    while ((await readdir(join(ca, 'locks')).catch(() => [])).length === 0 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await provisionCa('renew');
    expect(refused).toExitWith(1);
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain('it is in use by another run (process');
    expect(await running.result).toExitWith(0);

    const old = new X509Certificate(await readFile(join(ca, 'ca.pem')));
    const renewed = await provisionCa('renew');
    expect(renewed).toExitWith(0);
    await expectChanged(await apply(), 'h1: Own', 'h1: Root', 'h2: Own', 'h2: Root');
    const now = new X509Certificate(await readFile(join(ca, 'ca.pem')));
    for (const host of ['h1', 'h2']) {
      const certificate = await leaf(host);
      expect([certificate.verify(now.publicKey), certificate.verify(old.publicKey)]).toEqual([true, false]);
    }
    await expectInOrder();
  });

  test('an encrypted key: asked for only when something is issued, reported nowhere', async () => {
    const file = join(folder.path, 'passphrase');
    expect(await provisionCa('renew', '--new-passphrase-file', file)).toExitWith(0);
    expect((await readdir(ca)).filter((name) => name.startsWith('ca-key'))).toEqual(['ca-key.pem.age']);
    const nobody = await apply();
    expect(nobody).toExitWith(2);
    expect(nobody.stdout).toContain('there is no terminal to ask for the passphrase');
    expect(nobody.stdout).toContain(
      "--ca-passphrase-file FILE, or give systemd's credential provision-ca-passphrase",
    );
    const run = await apply('--ca-passphrase-file', file, '-v');
    await expectChanged(run, 'h1: Own', 'h2: Own');
    expect(run.stdout + run.stderr).not.toContain('random words');
    // expectInOrder gives no passphrase: a run that issues nothing needs none.
    await expectInOrder();

    for (const host of ['h1', 'h2']) expect(await provisionCa('renew', `${host}.lab`)).toExitWith(0);
    const scheduled = await lab.provision(folder.args('tls.yml', '--json'), {
      env: { CREDENTIALS_DIRECTORY: join(folder.path, 'credentials') },
    });
    await expectChanged(readEvents(scheduled), 'h1: Own', 'h2: Own');

    for (const host of ['h1', 'h2']) expect(await provisionCa('renew', `${host}.lab`)).toExitWith(0);
    const terminal = await lab.provisionOnTerminal(folder.args('tls.yml'), { input: `${passphrase}\n` });
    expect(terminal).toExitWith(0);
    expect(terminal.stdout.match(/passphrase of the private CA in/g)).toHaveLength(1);
    await expectInOrder();
  });

  test('a wrong passphrase fails with the reason, and the host keeps what it has', async () => {
    const wrong = await folder.write('wrong', 'something else\n');
    expect(await provisionCa('renew', 'h1.lab')).toExitWith(0);
    const before = await leaf('h1');
    const run = await apply('--ca-passphrase-file', wrong);
    expect(run).toExitWith(2);
    expect(run.stdout).toContain(`the passphrase from ${wrong} does not open its key`);
    expect(run.stdout).not.toContain('something else');
    expect((await leaf('h1')).serialNumber).toBe(before.serialNumber);
    await expectChanged(await apply('--ca-passphrase-file', join(folder.path, 'passphrase')), 'h1: Own');
    await expectInOrder();
  });
});
