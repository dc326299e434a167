import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattendedKeyWarnings } from '../../../../../src/domains/tls-logs/commands/schedule/unattended-keys.ts';
import { loadPlaybook } from '../../../../../src/language/playbook-loader.ts';
import { filters, resources } from '../../../../helpers/resources/all-resources.ts';

const path = mkdtempSync(join(tmpdir(), 'provision-keys-'));
beforeAll(() => {
  for (const [name, passphrase] of [
    ['plain', ''],
    ['locked', 'sesame'],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(path, name)]);
  }
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

const locked = 'IdentityFile HERE/locked';
const plain = 'IdentityFile HERE/plain';

async function warnings(config: string, agent?: string, hosts = 'h1: , h2: ', limit?: string) {
  const file = join(path, 'config');
  writeFileSync(file, config.replaceAll('HERE', path), { mode: 0o600 });
  const site = join(path, 'site.yml');
  writeFileSync(
    site,
    `inventory: { hosts: { ${hosts.replaceAll('HERE', path)} } }\nplays:\n- { hosts: all, tasks: [ping: ] }\n`,
  );
  const settings = { inventories: [], extraVars: [], limit, tags: [], skipTags: [], resources, filters };
  return await unattendedKeyWarnings(await loadPlaybook(site, settings), file, agent);
}

describe('unattendedKeyWarnings', () => {
  it.each<[string, string, string[], (string | undefined)?, string?]>([
    ['a key without a passphrase', plain, []],
    ['one with, and one without', `${locked}\n${plain}`, []],
    ['a key with a passphrase, reported once for all hosts', locked, ['h1, h2: the key HERE/locked has']],
    ['that of one host', `Host h2\n ${locked}\nHost h1\n ${plain}`, ['h2: the key HERE/locked has']],
    ['no key at all: every run says more', 'IdentityFile HERE/none', []],
    ['an agent that the service will have', locked, [], '/run/user/1000/agent'],
    ['an agent that ssh_config names', `${locked}\nIdentityAgent /run/agent`, []],
    ['keys that are not used', `${locked}\nPubkeyAuthentication no`, []],
    ['an ssh_config that cannot be read: every run says more', 'ProxyCommand nc %h', []],
    ['the control node itself', locked, [], undefined, 'me: { ansible_connection: local }'],
    [
      'the alias is that of ansible_host',
      `Host other\n ${plain}\nHost h1\n ${locked}`,
      [],
      undefined,
      'h1: { ansible_host: other }',
    ],
    [
      'a key that the inventory names',
      plain.replace('plain', 'none'),
      ['h1: the key HERE/locked has'],
      undefined,
      'h1: { ansible_ssh_private_key_file: HERE/locked }',
    ],
  ])('%s', async (_case, config, shown, agent, hosts) => {
    expect(await warnings(config, agent, hosts)).toEqual(
      shown.map((begin) => expect.stringContaining(begin.replaceAll('HERE', path))),
    );
  });

  it('nothing of hosts that --limit leaves out', async () => {
    expect(await warnings(`Host h2\n ${locked}\nHost h1\n ${plain}`, undefined, undefined, 'h1')).toEqual([]);
  });

  it('your own agent is not counted: the service does not have it', async () => {
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = '/run/mine';
    try {
      expect(await warnings(locked)).toHaveLength(1);
    } finally {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    }
  });
});
