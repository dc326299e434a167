import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { nothingLost, RotationLab } from '../helpers/lab/rotation-lab.ts';
import type { Attempt } from '../helpers/lab/stranger.ts';

const stranger = join(import.meta.dirname, '../helpers/lab/stranger.ts');
const record = '/etc/ansible/facts.d/provision_log.fact';
const [ofH2 = '', ofH3 = ''] = nothingLost;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Debian 12's rsyslog does not enforce its list of permitted peers with ossl: there the CA alone keeps a thief out.
describe('a certificate is revoked while a client is switched off', () => {
  let lab: RotationLab;
  const stolen = new Map<string, Attempt['tls']>();

  /** Copies key and certificate that a host has now. */
  async function steal(host: string): Promise<void> {
    const [certificate = '', key = ''] = await Promise.all(
      ['fullchain.pem', 'privkey.pem'].map(async (name) =>
        lab.project.write(`${host}-${name}`, await lab.lab.sh(host, `cat ${ownCertificate}/${name}`)),
      ),
    );
    stolen.set(host, { version: 'TLSv1.3', certificate, key });
  }

  /** How many of 40 lines the server stores that a thief sends with what was stolen. */
  async function thief(host: string): Promise<number> {
    const line = `thief-${randomBytes(6).toString('hex')}`;
    const tls = stolen.get(host);
    if (!tls) throw new Error(`nothing was stolen from ${host}`);
    const what: Attempt = { host: serverName, port: 6514, times: 40, line, tls };
    await lab.lab.ctl([process.execPath, stranger, JSON.stringify(what)]);
    // Behind these lines: what the server was sent before has been dealt with.
    expect(await lab.project.delivers('h2', `behind ${line}`)).toBe(true);
    const { stdout } = await lab.lab.exec('h1', `grep -raFh -e '${line}-' /var/log/remote /var/log/syslog`);
    return stdout.split(`${line}-`).length - 1;
  }

  /** What `provision certs` says. */
  async function certs() {
    const { code, stdout, stderr } = await lab.project.run('certs');
    return { code, said: `${stdout}\n${stderr}`.replace(/\s+/g, ' ') };
  }

  const apply = async () => {
    const { code, stdout, stderr } = await lab.project.run('apply');
    return { code, said: `${stdout}\n${stderr}`.replace(/\s+/g, ' ') };
  };
  const stored = async (host: string, text: string) => (await lab.project.stored(host)).includes(text);

  beforeAll(async () => {
    lab = await RotationLab.open('bookworm', 'revocation');
    for (const host of ['h2', 'h4']) await steal(host);
  });
  afterAll(async () => {
    await lab?.close();
  });

  test('the control: with what was stolen lines are stored', async () => {
    expect(await thief('h4')).toBe(40);
  });

  test('the old CA and the revoked name leave the server in the same run, and nobody present loses a line', async () => {
    await lab.lab.power('h3', 'off');
    await lab.revoke('h4', '--renew-ca');
    await lab.set({}, ['h2', 'h3']);
    const before = await certs();
    expect(before).toExitWith(2);
    expect(before.said).toMatch(
      /the revoked certificate of h4 \([0-9A-F]+\) is let in, for the name h4 is permitted/,
    );
    const { run, said, lines } = await lab.rotate(['h2']);
    expect(run).toExitWith(4);
    expect(lines).toEqual([ofH2]);
    expect(said).toMatch(/a certificate was revoked, so h1 does not wait for h3 and refuses it from now on/);
    expect(said).not.toContain('stay permitted');
    expect(await lab.trust('h1')).toBe('1 root, 2 by name');
    expect(await lab.lab.sh('h1', `cat ${record}`)).not.toContain('h4');
    expect(await thief('h4')).toBe(0);
    await lab.lab.sh('h4', 'logger -t lab-test -- from who was taken out');
    await pause(2000);
    expect(await stored('h4', 'from who was taken out')).toBe(false);
  });

  test('that a client is refused shows, and a second run changes nothing', async () => {
    const { code, said } = await certs();
    expect(code, said).toBe(2);
    expect(said).toContain('h3 is refused until a run reaches it');
    const again = await apply();
    expect(again).toExitWith(4);
    expect(again.said).toContain('0 changed');
    expect(again.said).toContain('does not wait for h3');
  });

  test('who was off keeps its lines: refused at first, they all arrive with its next run, once', async () => {
    await lab.lab.power('h3', 'on');
    const { result, lines } = await lab.whileLogging(
      async () => {
        await lab.lab.sh('h3', 'logger -t lab-test -- while it is refused');
        await pause(5000);
        expect(await stored('h3', 'while it is refused')).toBe(false);
        return await apply();
      },
      ['h2', 'h3'],
      50,
    );
    expect(result).toExitWith(0);
    expect(lines).toEqual([ofH2, ofH3]);
    expect((await lab.project.stored('h3')).split('while it is refused')).toHaveLength(2);
    expect(await lab.lab.sh('h1', `cat ${record}`)).not.toContain('waiting');
    const { code, said } = await certs();
    expect(code, said).toBe(0);
    expect((await apply()).said).toContain('0 changed');
  });

  test('fingerprints: what was revoked is permitted no longer, who is off stays permitted, and a host that stays has its next key', async () => {
    await lab.set({ log_authentication: 'fingerprint', log_driver: 'gtls' }, ['h2', 'h3']);
    expect(await apply()).toMatchObject({ code: 0 });
    await steal('h2');
    expect(await thief('h2')).toBe(40);
    await lab.lab.power('h3', 'off');
    const print = await lab.shown('h2');
    await lab.revoke('h2');
    const { run, said, lines } = await lab.rotate(['h2']);
    expect(run).toExitWith(4);
    expect(lines).toEqual([ofH2]);
    expect(await lab.shown('h2')).not.toBe(print);
    expect(await lab.trust('h1')).toBe('1 root, 2 by fingerprint');
    expect(said).not.toContain('let in all the same');
    expect(await thief('h2')).toBe(0);
    await lab.lab.power('h3', 'on');
    expect(await lab.project.delivers('h3', 'by its fingerprint')).toBe(true);
    expect(await apply()).toMatchObject({ code: 0 });
  });

  test('names, the CA not replaced: the run and certs say that it must be, and then it is over', async () => {
    await lab.set({ log_authentication: null, log_driver: null }, ['h2', 'h3']);
    expect(await apply()).toMatchObject({ code: 0 });
    await steal('h2');
    await lab.revoke('h2');
    const run = await apply();
    expect(run).toExitWith(0);
    expect(run.said).toMatch(
      /warning: h1: revoked and let in all the same: h2 \([0-9A-F]+\), for the name h2 is permitted/,
    );
    expect(run.said).toContain('provision ca renew -d');
    const { code, said } = await certs();
    expect(code, said).toBe(2);
    expect(said).toMatch(
      /due: the revoked certificate of h2 \([0-9A-F]+\) is let in, for the name h2 is permitted/,
    );
    expect(said).toContain('next: provision ca renew -d');
    await lab.renewCa();
    const ended = await lab.rotate(['h2', 'h3']);
    expect(ended.run).toExitWith(0);
    expect(ended.lines).toEqual([ofH2, ofH3]);
    expect(ended.said).not.toContain('let in all the same');
    expect(await thief('h2')).toBe(0);
    expect(await certs()).toMatchObject({ code: 0 });
  });

  test('a certificate for somebody else: the run says that it lets lines in, and what holds', async () => {
    await lab.issue('printer');
    const { code, said } = await apply();
    expect(code, said).toBe(0);
    expect(said).toMatch(
      /warning: h1: the private CA has issued certificates for others .*\(printer\).* get lines in, under any name/,
    );
    await lab.set({ log_driver: 'gtls' }, ['h2', 'h3']);
    expect((await apply()).said).not.toContain('has issued certificates for others');
  });

  test('a damaged record on one client stops nobody else', async () => {
    await lab.set({ log_driver: null }, ['h2', 'h3']);
    expect(await apply()).toMatchObject({ code: 0 });
    await lab.lab.sh('h3', `cp ${record} /root/record; echo '{"mode":"name"' >${record}`);
    await lab.renewServer();
    const { run, said, lines } = await lab.rotate(['h2', 'h3']);
    expect(run).toExitWith(2);
    expect(said).toMatch(/FAILED What the last run wrote down can be read on h3 .*is damaged/);
    expect(lines).toEqual([ofH2, ofH3]);
    expect(await lab.project.served()).toBe(await lab.shown('h1'));
    expect(said).toMatch(/h2 -> h1: arrived/);
    await lab.lab.sh('h3', `mv /root/record ${record}`);
    expect(await apply()).toMatchObject({ code: 0 });
  });

  test('a client whose hold never returns does not keep the log server from its next certificate', async () => {
    const program = '/usr/bin/systemd-run';
    const stuck = `printf '#!/bin/sh\\nexec sleep 600\\n' >/run/stuck && chmod +x /run/stuck && mount --bind /run/stuck ${program}`;
    await lab.lab.sh('h3', stuck);
    await lab.set({ log_hold_seconds: 20 }, ['h2', 'h3']);
    await lab.renewServer();
    const before = await lab.project.served();
    const { run, said, lines } = await lab.rotate(['h2']);
    expect(said).toMatch(/warning: h3: not held while h1 runs .*its hold did not end within 10 s/);
    expect(lines).toEqual([ofH2]);
    expect(await lab.project.served()).not.toBe(before);
    expect(await lab.project.served()).toBe(await lab.shown('h1'));
    expect(run).toExitWith(0);
    await lab.lab.sh('h3', `umount ${program}`);
  });
});
