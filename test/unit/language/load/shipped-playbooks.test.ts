import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProvisionError } from '../../../../src/errors/problem.ts';
import type { Play, Playbook } from '../../../../src/language/model.ts';
import { loadPlaybook } from '../../../../src/language/playbook-loader.ts';
import { displayPath } from '../../../../src/language/source/loading/loading.ts';
import { flat } from '../../../helpers/language/project.ts';
import { filters, resources } from '../../../helpers/resources/all-resources.ts';

const root = join(import.meta.dirname, '../../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const homeLab = read('playbooks/home-lab.yml');
const certbot = read('playbooks/certbot.yml');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provision-shipped-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function load(file: string): Promise<Playbook> {
  const none = { inventories: [], extraVars: [], limit: undefined, tags: [], skipTags: [] };
  return loadPlaybook(file, { ...none, resources, filters });
}

async function problems(file: string): Promise<ProvisionError['problems']> {
  try {
    await load(file);
  } catch (error) {
    if (error instanceof ProvisionError) return error.problems;
    throw error;
  }
  return [];
}

/** What the user of certbot.yml has to say. */
const agreed = (text: string) => text.replace('certbot_agree_tos: false', 'certbot_agree_tos: true');

const importing = (name: string): string =>
  homeLab.replace('import_playbook: log-over-tls.yml', `import_playbook: ${name}`);

const shape = ({ plays }: Playbook) =>
  plays.map(({ name, hosts, anyErrorsFatal, become, tasks }) => ({
    ...{ name, hosts, anyErrorsFatal, become: become?.value },
    tasks: flat(tasks).map(({ id, name, tags, role }) => [id, name, tags, role?.directory]),
  }));

const names = ({ tasks }: Pick<Play, 'tasks'>) => flat(tasks).map(({ name }) => name);

// Behind narrowing, the play of the log clients sends one more line, and each play runs its handlers.
const behind = { server: 1, client: 5 };

/** What an older release's last phase has for hosts of each group. */
function partsOfNarrowing({ tasks }: Play): unknown {
  const [phase] = flat(tasks).filter(({ includes }) => includes !== undefined);
  const parts = [...(phase?.includes ?? [])].map(([file, nodes]) => [
    /^narrow_(\w+)\.yml$/.exec(file)?.[1],
    names({ tasks: nodes }),
  ]);
  return Object.fromEntries(parts);
}

/** Each setting that is commented out, and the text in which only that one is uncommented. */
function settings(path: string): readonly (readonly [string, string])[] {
  const lines = read(path).split('\n');
  return lines.flatMap((line, index) => {
    const [, indent, setting] = /^( +)# ([a-z_]+: .*)$/.exec(line) ?? [];
    if (setting === undefined) return [];
    return [[setting, lines.with(index, `${indent}${setting}`).join('\n')] as const];
  });
}

describe('a setting that is commented out is valid when it is not', () => {
  const rows = ['home-lab', 'certbot'].flatMap((name) => settings(`playbooks/${name}.yml`));

  test('there are some', () => expect(rows.length).toBeGreaterThan(15));

  // Settings that go together with another one, which is named when it is left out.
  const together: Readonly<Record<string, string>> = {
    certbot_stop_command: 'certbot_start_command',
    certbot_start_command: 'certbot_stop_command',
    certbot_method: 'certbot_cloudflare_api_token',
  };

  beforeEach(() => vi.stubEnv('CLOUDFLARE_API_TOKEN', 'a-token'));
  afterEach(() => vi.unstubAllEnvs());

  test.each(rows)('%s', async (setting, text) => {
    for (const name of ['root', 'fullchain', 'privkey']) write(`me/${name}.pem`, '');
    const here = agreed(text).replaceAll('/home/me', join(folder, 'me'));
    const other = together[setting.split(':')[0] ?? ''];
    if (other === undefined) return expect(await problems(write('site.yml', here))).toEqual([]);
    const [alone, ...more] = await problems(write('site.yml', here));
    expect(more).toEqual([]);
    expect(`${alone?.code}: ${alone?.message}: ${alone?.hint}`).toMatch(
      new RegExp(`^refused-settings: .*${other}`),
    );
    expect(await problems(write('site.yml', here.replace(`# ${other}:`, `${other}:`)))).toEqual([]);
  });
});

test.each([
  ['log_target', '192.168.1.240    clients connect'],
  ['log_target', 'log.example.com:514'],
  ['rsyslog_server_address', '192.168.1.240   listen on this'],
  ['rsyslog_server_udp_address', '10.0.0.1, 10.0.0.2'],
])('%s cannot be %j', async (name, value) => {
  const file = write(
    'site.yml',
    homeLab.replace('log_server_name:', `${name}: ${value}\n      log_server_name:`),
  );
  const line = homeLab.split('\n').findIndex((text) => text.includes('      log_server_name:')) + 1;
  expect(await problems(file)).toMatchObject([
    { code: 'wrong-value', message: `'${name}' cannot be '${value}'`, at: { file, line } },
  ]);
});

test.each(['192.168.1.240', 'logs', 'log.example.com', "'::1'", "'2001:db8::1'", "'fe80::1%eth0'"])(
  'log_target may be %s',
  async (value) => {
    const file = write('site.yml', homeLab.replace('# log_target: 192.168.1.240 ', `log_target: ${value} `));
    expect(await problems(file)).toEqual([]);
  },
);

describe('an import of a playbook that comes with provision', () => {
  test('finds it from anywhere, with the plays that an older release had in the file itself', async () => {
    cpSync(join(root, 'test/lab/playbooks/home-lab-0.1.yml'), join(folder, 'old.yml'));
    const today = await load(write('site.yml', homeLab));
    // What takes everything away again is newer.
    const [plays, newer] = [today.plays.slice(0, -2), today.plays.slice(-2)];
    const before = await load(join(folder, 'old.yml'));
    const [ours, theirs] = [shape({ ...today, plays }), shape(before)];
    const isNarrowing = ({ name }: { readonly name: string }) => name.startsWith('Narrow, ');
    expect(ours.filter((play) => !isNarrowing(play))).toEqual(theirs.filter((play) => !isNarrowing(play)));
    // The last phase was one for hosts of both groups: each now has its part of that one.
    const heads = (shapes: typeof ours) => shapes.map(({ tasks: _, ...head }) => head);
    expect(heads(ours)).toEqual(heads(theirs));
    const [forServer, forClients] = plays.filter(isNarrowing).map(names);
    const parts = {
      server: forServer?.slice(0, -behind.server),
      client: forClients?.slice(0, -behind.client),
    };
    expect(before.plays.filter(isNarrowing).map(partsOfNarrowing)).toEqual([parts, parts]);
    expect(newer.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^Uninstall, /),
      expect.stringMatching(/^Uninstall, /),
    ]);
    expect(today.plays[0]?.at.file).toBe(displayPath(join(root, 'playbooks/log-over-tls.yml')));
  });

  test('means a file of that name beside the playbook, where there is one', async () => {
    const own = write('log-over-tls.yml', '- {name: mine, hosts: logs, tasks: [{debug: {msg: x}}]}\n');
    const { plays } = await load(write('site.yml', homeLab));
    expect(plays.map(({ name, at }) => [name, at.file])).toEqual([['mine', own]]);
  });

  test('never means the file that imports it', async () => {
    const { plays } = await load(write('log-over-tls.yml', homeLab));
    expect(plays).toHaveLength(10);
  });

  test('is not meant by a path', async () => {
    const file = write('site.yml', importing('./log-over-tls.yml'));
    expect(await problems(file)).toMatchObject([
      { code: 'missing-file', message: `there is no file ${join(folder, 'log-over-tls.yml')}`, at: { file } },
    ]);
  });

  test('is proposed when its name is misspelt', async () => {
    const file = write('site.yml', importing('logs-over-tls.yml'));
    expect(await problems(file)).toMatchObject([
      { hint: "did you mean 'log-over-tls.yml', which comes with provision?", at: { file } },
    ]);
  });

  test('takes roles that lie beside the playbook that imports it, and files in them', async () => {
    write('parts/roles/log_verify/tasks/main.yml', '- copy: {src: own.txt, dest: /tmp/own}\n');
    write('parts/files/own.txt', 'x\n');
    write('parts/logs.yml', '- import_playbook: log-over-tls.yml\n');
    const file = write('site.yml', importing('parts/logs.yml'));
    const roles = (await load(file)).plays.flatMap(({ roles }) => roles.map(({ directory }) => directory));
    expect(roles).toContain(join(folder, 'parts/roles/log_verify'));
    expect(roles).toContain(join(root, 'roles/rsyslog_client'));
  });
});

test('a log server without a name is one problem, at the import, in the words of its role', async () => {
  const file = write('site.yml', homeLab.replace(/log_server_name: .*/, 'log_port: 6514'));
  const line = homeLab.split('\n').findIndex((text) => text.includes('import_playbook: ')) + 1;
  const [problem, ...others] = await problems(file);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    message: "the variable 'log_server_name' is not defined",
    at: { file, line },
    hint: 'set it in the inventory, in vars of the play, or with -e log_server_name=...',
  });
  expect(problem?.why).toMatch(
    /^role rsyslog_common: DNS name in the log server's certificate, .*; needed in \d+ places, first in \S+:\d+:\d+$/,
  );
});

test.each([
  ['log_server_nam', 'nothing reads the variable'],
  ['log_srver_nme', "the variable 'log_server_name' is not defined"],
])('a log server with the name %s is one problem', async (name, message) => {
  const file = write('site.yml', homeLab.replace('log_server_name:', `${name}:`));
  const found = await problems(file);
  expect(found).toHaveLength(1);
  expect(found[0]?.message).toContain(message);
  expect(found[0]?.hint).toContain(name === 'log_server_nam' ? 'log_server_name' : "'log_srver_nme' in ");
});

test('names of connections that mean nothing here are a warning, each once', async () => {
  const hosts = 'logs: {ansible_winrm_transport: ntlm}\n      logs2: {ansible_winrm_transport: ntlm}';
  const { warnings } = await load(write('site.yml', agreed(certbot).replace('logs:', hosts)));
  expect(warnings).toEqual([
    expect.stringMatching(
      /site\.yml:\d+:\d+: ansible_winrm_transport has no effect: nothing reads the variable$/,
    ),
  ]);
});

test('a group that the inventory spells otherwise is one problem, at the import', async () => {
  const file = write('site.yml', homeLab.replace('      log_clients:', '      log_client:'));
  const line = homeLab.split('\n').findIndex((text) => text.includes('import_playbook: ')) + 1;
  expect(await problems(file)).toMatchObject([
    {
      message: "there is no host or group 'log_clients'",
      at: { file, line },
      why: expect.stringMatching(/^named in \S+log-over-tls\.yml:\d+:\d+, .* and 3 more$/),
      hint: "did you mean 'log_client'?",
    },
  ]);
});
