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
    expect(run.code, run.stdout + run.stderr).toBe(2);
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
    [
      'one certificate for all, from the private CA',
      'log_topology=shared log_certificate_source=private_ca',
      ['h1'],
      /copies one key to all hosts, but the private CA makes a key on each host.*log_topology: private/,
    ],
    [
      'clients without certificates, judged by them',
      'log_topology=server log_server_authentication=fingerprint',
      hosts,
      /clients show no certificate, so the server has no fingerprint to judge/,
    ],
    [
      'clients that trust any certificate',
      'log_client_authentication=certvalid',
      hosts,
      /sends its lines to whoever has any certificate of the CA, with a public CA anybody: use name or fingerprint/,
    ],
    [
      'clients that trust anybody',
      'log_client_authentication=anon',
      hosts,
      /sends its lines to whoever answers/,
    ],
    [
      'all from the private CA, with another root for clients',
      'log_topology=private log_client_root_file=/root.pem',
      hosts,
      /all certificates are from the private CA, so the server cannot trust log_client_root_file/,
    ],
    [
      'client certificates from the private CA, with another root for clients',
      'log_client_root_file=/root.pem',
      clients,
      /would trust log_client_root_file, but the certificate of this client is from the private CA/,
    ],
    [
      'a server certificate from the private CA, with another root for it',
      'log_certificate_source=private_ca log_root_file=',
      hosts,
      /Clients need a root to trust for the server/,
    ],
    [
      'SHA-256 with RELP and ossl',
      'log_transport=relp log_authentication=fingerprint log_fingerprint_hash=sha256',
      hosts,
      /knows SHA-1 fingerprints only: leave log_fingerprint_hash at auto, or set log_driver: gtls/,
    ],
    [
      'certvalid with RELP and gtls',
      'log_transport=relp log_driver=gtls log_authentication=certvalid',
      hosts,
      /accepts certificates of any CA, even self-signed ones/,
    ],
    [
      'clients without certificates with RELP and gtls',
      'log_transport=relp log_driver=gtls log_topology=server',
      hosts,
      /find no cipher in common/,
    ],
  ])('%s', async (_what, set, on, said) => {
    const message = await refused(on, ...set.split(' ').flatMap((one) => ['-e', one]));
    expect(message).toMatch(said);
    for (const host of hosts) expect(message.includes(`on ${host} `)).toBe(on.includes(host));
  });

  test('a list of permitted peers that nobody looks at', async () => {
    const set = ['log_authentication=certvalid', '{"rsyslog_server_permitted_peers": ["h2"]}'];
    expect(await refused(hosts, ...set.flatMap((one) => ['-e', one]))).toMatch(
      /names who may send, but .* does not look/,
    );
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
      expect(run.code, run.stdout + run.stderr).toBe(0);
      const told = (run.stdout + run.stderr).replace(/\s+/g, ' ');
      if (said) expect(told).toMatch(said);
      else expect(told).not.toContain('warning:');
    },
  );
});
