import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const clients = ['h2', 'h3'] as const;

describe('what cannot work together is refused before anything is touched', () => {
  let lab: Lab;
  let project: HomeLabProject;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'refusals');
    project = await HomeLabProject.open(lab);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  /** A run that must fail on those hosts, and leave every host as it was to the last byte; what it said. */
  async function refused(on: readonly string[], ...args: readonly string[]): Promise<string> {
    const before = await Promise.all(hosts.map((host) => lab.snapshot(host)));
    const run = await project.run('apply', ...args);
    expect(run).toExitWith(2);
    expect(await Promise.all(hosts.map((host) => lab.snapshot(host)))).toEqual(before);
    expect(run.stdout).toMatch(new RegExp(`^0 changed; of 3 hosts ${on.length} failed; `, 'm'));
    return run.stderr.replace(/\s+/g, ' ');
  }

  test.each<[what: string, set: string, on: readonly string[], said: RegExp]>([
    [
      'one certificate for all that is for servers only, with ossl',
      'log_topology=shared',
      ['h1'],
      /fullchain\.pem is for servers only \(serverAuth\).*unsuitable certificate purpose.*log_topology 'mutual'.*or log_driver 'gtls'/,
    ],
    [
      'the same over RELP',
      'log_topology=shared log_transport=relp',
      ['h1'],
      /is for servers only .* refuses clients/,
    ],
  ])('%s', async (_what, set, on, said) => {
    const message = await refused(on, ...set.split(' ').flatMap((one) => ['-e', one]));
    expect(message).toMatch(said);
    for (const host of hosts) expect(message.includes(`on ${host} `)).toBe(on.includes(host));
  });

  // All that the settings alone decide: test/unit/roles/log-settings.test.ts.
  test('what needs no host is refused before the first connection', async () => {
    const before = await Promise.all(hosts.map((host) => lab.snapshot(host)));
    const set = [
      'log_topology=server',
      'log_server_authentication=fingerprint',
      `log_root_file=${project.folder}/none`,
    ];
    for (const command of ['plan', 'apply'] as const) {
      const run = await project.run(command, ...set.flatMap((one) => ['-e', one]));
      expect(run).toExitWith(1);
      expect(run.stdout).toBe('');
      const said = run.stderr.replace(/\s+/g, ' ');
      expect(said).toMatch(/clients show no certificate, so the server has no fingerprint to judge/);
      expect(said).toMatch(/there is no file '\S+\/none'.* 2 problems; nothing was changed/);
    }
    expect(await Promise.all(hosts.map((host) => lab.snapshot(host)))).toEqual(before);
  });

  test('SHA-256 on a host whose rsyslog does not know it', async () => {
    const release = '/usr/lib/os-release';
    await lab.sh('h3', `cp ${release} /root/; printf 'ID=ubuntu\\nVERSION_ID="22.04"\\n' >${release}`);
    const set = ['log_authentication=fingerprint', 'log_fingerprint_hash=sha256'];
    expect(await refused(['h3'], ...set.flatMap((one) => ['-e', one]))).toMatch(
      /log_fingerprint_hash sha256 needs rsyslog 8\.2208, and this host has 8\.2112: leave it at auto/,
    );
    await lab.sh('h3', `mv /root/os-release ${release}`);
  });

  test('RELP with gtls beside what the server permits until the change is done', async () => {
    const fact = '/etc/ansible/facts.d/provision_log.fact';
    await lab.sh('h1', `mkdir -p "$(dirname ${fact})" && echo '{"mode": "anon", "peers": []}' >${fact}`);
    const set = ['log_transport=relp', 'log_driver=gtls'];
    expect(await refused(['h1'], ...set.flatMap((one) => ['-e', one]))).toMatch(
      /was set up with log_server_authentication anon.*change to name or fingerprint first/,
    );
    await lab.sh('h1', `rm ${fact}`);
  });

  test.each([
    [
      'ossl',
      '',
      /does not enforce its list of permitted peers.*anyone with a certificate from the CA of \S+root\.pem/,
    ],
    ['gtls', 'log_driver=gtls', undefined],
    ['RELP', 'log_transport=relp', undefined],
  ])(
    'a CA that signs others too is warned of where its list can be got around: %s',
    async (_what, set, said) => {
      const files = (name: string) => {
        const at = (file: string) => join(project.folder, `client-${name}`, file);
        return `{log_certificate_source: control, log_certificate_file: ${at('fullchain.pem')}, log_certificate_key_file: ${at('privkey.pem')}}`;
      };
      for (const name of clients)
        await project.authority.issue(join(project.folder, `client-${name}`), [name], '--client');
      const inventory = `all:
  vars: {log_server_name: ${serverName}, log_client_root_file: ${project.authority.root}}
  children:
    log_server: {hosts: {h1: {log_certificate_source: host}}}
    log_clients: {hosts: {h2: ${files('h2')}, h3: ${files('h3')}}}
`;
      const args = ['-i', await project.write('clients.yml', inventory), ...(set ? ['-e', set] : [])];
      const run = await project.run('plan', ...args);
      expect(run).toExitWith(0);
      const shown = (run.stdout + run.stderr).replace(/\s+/g, ' ');
      if (said) expect(shown).toMatch(said);
      else expect(shown).not.toContain('warning:');
    },
  );
});
