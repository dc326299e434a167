import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority, type IssueOption } from '../helpers/lab/authority.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { named } from '../helpers/lab/run-events.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const live = `/etc/letsencrypt/live/${serverName}`;
const task = {
  host: 'Server certificate suits the clients',
  control: 'Server certificate on the control node suits the clients',
  client: 'Client certificate on the control node suits the server',
};

describe('what would not work is refused before anything is touched', () => {
  let lab: Lab;
  let project: HomeLabProject;

  const out = (name: string, file = 'fullchain.pem'): string => join(project.folder, name, file);
  const issue = (name: string, names: readonly string[], ...options: readonly IssueOption[]) =>
    project.authority.issue(join(project.folder, name), names, ...options);

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'preflight');
    project = await HomeLabProject.open(lab);
    await issue('good', [serverName]);
    await issue('mismatch', [serverName]);
    await copyFile(out('good', 'privkey.pem'), out('mismatch', 'privkey.pem'));
    await issue('leaf', [serverName]);
    await copyFile(out('leaf', 'cert.pem'), out('leaf'));
    await issue('expired', [serverName], '--expired');
    await issue('future', [serverName], '--future');
    await issue('name', ['other.lab', 'www.logs.lab']);
    await issue('client-only', [serverName], '--client');
    const elsewhere = await Authority.create(join(project.folder, 'elsewhere'));
    await elsewhere.issue(join(project.folder, 'untrusted'), [serverName]);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  /** A run that must fail on those hosts, and leave every host as it was to the last byte. */
  async function refused(on: readonly string[], ...args: readonly string[]): Promise<string> {
    const before = await Promise.all(hosts.map((host) => lab.snapshot(host)));
    const run: CommandResult = await project.run('apply', ...args);
    expect(run).toExitWith(2);
    expect(await Promise.all(hosts.map((host) => lab.snapshot(host)))).toEqual(before);
    expect(run.stdout).toMatch(new RegExp(`^0 changed; of 3 hosts ${on.length} failed; `, 'm'));
    expect(run.stdout).not.toContain('Install rsyslog with TLS');
    return run.stderr.replace(/\s+/g, ' ');
  }

  const reasons = [
    [
      'a key of another certificate',
      'mismatch',
      /the key is not the one of the certificate for .*same issuance/,
    ],
    [
      'a leaf without its intermediate',
      'leaf',
      /holds only the certificate itself.*use fullchain\.pem instead of cert\.pem/,
    ],
    [
      'an expired certificate',
      'expired',
      /the certificate expired on \d{4}-\d\d-\d\d .*renew it \(certbot renew\)/,
    ],
    [
      'one that is not yet valid',
      'future',
      /is not valid before \d{4}-.*check the host's clock: it says \d{4}-/,
    ],
    ['one for another name', 'name', /is not for logs\.lab; its DNS names: other\.lab, www\.logs\.lab/],
    [
      'one for clients only',
      'client-only',
      /is for clientAuth only, but serverAuth is needed to act as TLS server/,
    ],
    [
      'one from a CA that clients do not know',
      'untrusted',
      /the chain does not reach the CA file: it ends at .*root/,
    ],
  ] as const;

  test.each(reasons)('on the log server: %s', async (_what, name, reason) => {
    await lab.sh('h1', `cat >${live}/fullchain.pem`, { input: await readFile(out(name), 'utf8') });
    await lab.sh('h1', `cat >${live}/privkey.pem`, {
      input: await readFile(out(name, 'privkey.pem'), 'utf8'),
    });
    const said = await refused(['h1']);
    expect(said).toContain(`FAILED ${task.host} on h1 ${live}/fullchain.pem: `);
    expect(said).toMatch(reason);
  });

  test.each(reasons)('on the control node: %s', async (_what, name, reason) => {
    const inventory = await project.write('control.yml', controlInventory({ h1: name }));
    const said = await refused(['h1'], '-i', inventory);
    expect(said).toContain(`FAILED ${task.control} on h1 ${out(name)}: `);
    expect(said).toMatch(reason);
  });

  test('a server-only certificate for a client, with the other client all right', async () => {
    await issue('client-h2', ['h2']);
    await issue('client-h3', ['h3'], '--client');
    const inventory = await project.write(
      'clients.yml',
      controlInventory({ h1: 'good', h2: 'client-h2', h3: 'client-h3' }),
    );
    const said = await refused(['h2'], '-i', inventory);
    expect(said).toContain(`FAILED ${task.client} on h2 ${out('client-h2')}: `);
    expect(said).toContain(
      'the certificate is for serverAuth only, but clientAuth is needed to act as TLS client',
    );
    expect(said).toContain("take the client's certificate from the private CA");
    expect(said).not.toMatch(/FAILED .* on h3/);
  });

  test('certbot has not been run', async () => {
    await lab.sh('h1', `mv ${live} ${live}.away`);
    const said = await refused(['h1']);
    expect(said).toContain(`there is no certificate ${live}/fullchain.pem`);
    expect(said).toContain(`certbot certonly -d ${serverName}`);
    await lab.sh('h1', `mv ${live}.away ${live}`);
  });

  test('all reasons at once', async () => {
    await issue('worst', ['other.lab'], '--expired', '--client');
    await copyFile(out('good', 'privkey.pem'), out('worst', 'privkey.pem'));
    await copyFile(out('worst', 'cert.pem'), out('worst'));
    const said = await refused(
      ['h1'],
      '-i',
      await project.write('worst.yml', controlInventory({ h1: 'worst' })),
    );
    for (const [, , reason] of reasons.slice(0, 3)) expect(said).toMatch(reason);
    expect(said).toMatch(/is not for logs\.lab/);
    expect(said).toMatch(/is for clientAuth only/);
  });

  test('where all works already: the daemons go on as they are', async () => {
    await project.authority.renew(lab, 'h1', [serverName]);
    const first = await project.run('apply', '-q');
    expect(first).toExitWith(0);
    const running = () => Promise.all(hosts.map((host) => lab.sh(host, 'systemctl show -p MainPID rsyslog')));
    const before = await running();
    await project.authority.renew(lab, 'h1', [serverName], '--expired');
    const run = await project.events('apply');
    expect(run).toExitWith(2);
    expect(named(run, 'failed')).toEqual([`h1: ${task.host}`]);
    expect(named(run, 'changed')).toEqual([]);
    expect(await running()).toEqual(before);
    expect(await project.delivers('h2', 'the server goes on')).toBe(true);
  });

  /** Certificates of the control node, by host; clients without one take it from the private CA. */
  function controlInventory(names: Readonly<Record<string, string>>): string {
    const of = (host: string): string => {
      const name = names[host];
      if (name === undefined) return `${host}: `;
      const files = `log_certificate_file: ${out(name)}, log_certificate_key_file: ${out(name, 'privkey.pem')}`;
      return `${host}: {log_certificate_source: control, ${files}}`;
    };
    const root = names.h2 === undefined ? '' : `, log_client_root_file: ${project.authority.root}`;
    return `all:
  vars: {log_server_name: ${serverName}${root}}
  children:
    log_server: {hosts: {${of('h1')}}}
    log_clients: {hosts: {${of('h2')}, ${of('h3')}}}
`;
  }
});
