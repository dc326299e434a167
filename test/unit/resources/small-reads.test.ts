import { describe, expect, test } from 'vitest';
import { getent } from '../../../src/resources/getent.ts';
import { packageFacts, readPackages } from '../../../src/resources/package-facts.ts';
import { pause } from '../../../src/resources/pause.ts';
import { raw } from '../../../src/resources/raw.ts';
import { readServices, serviceFacts } from '../../../src/resources/service-facts.ts';
import { tempfile } from '../../../src/resources/tempfile.ts';
import { waitForConnection } from '../../../src/resources/wait-for-connection.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const machine = new ShellHost();
const fresh = scratch();

describe('getent', () => {
  test('gives an entry in its fields', async () => {
    const { args, have, refused } = await machine.plan(getent, { database: 'passwd', key: 'root' });
    expect(refused).toEqual([]);
    expect(getent.facts?.(args as never, have as never)).toEqual({
      getent_passwd: { root: expect.arrayContaining(['0', '/root']) },
    });
  });

  test.each([
    [
      { database: 'passwd', key: 'no_such_user' },
      ['One or more supplied key could not be found in the database.'],
    ],
    [{ database: 'passwd', key: 'no_such_user', fail_key: false }, []],
    [{ database: 'nonsense' }, ['Missing arguments, or database unknown.']],
  ])('%j', async (args, refused) => {
    expect((await machine.plan(getent, args)).refused).toEqual(refused);
  });

  test('a key that is missing is null', () => {
    const want = { database: 'group', key: 'x', fail_key: false };
    const facts = getent.facts?.(want, { code: 2, stdout: '', stderr: '' });
    expect(facts).toEqual({ getent_group: { x: null } });
  });

  test('several entries of a name, and another separator', () => {
    const output = { code: 0, stdout: 'a-1\na-2\nb-3\n', stderr: '' };
    expect(getent.facts?.({ database: 'hosts', split: '-' }, output)).toEqual({
      getent_hosts: { a: [['1'], ['2']], b: ['3'] },
    });
  });
});

test('package_facts reads what dpkg has installed', () => {
  const text = 'installed\tjq\t1.6-2\tamd64\tutils\nconfig-files\told\t1\tall\tmisc\n';
  const jq = { name: 'jq', version: '1.6-2', arch: 'amd64', category: 'utils', origin: '', source: 'apt' };
  expect(readPackages(text)).toEqual({ jq: [jq] });
  expect(packageFacts.refuse?.({ manager: ['rpm'] }, { code: 0, packages: {} })).toHaveLength(1);
  expect(packageFacts.refuse?.({}, { code: 3, packages: {} })).toEqual([
    expect.stringContaining('the host has no dpkg'),
  ]);
});

test('service_facts reads what systemctl lists', () => {
  const text = `ssh.service loaded active running OpenBSD Secure Shell server
broken.service loaded failed failed Something
gone.service not-found inactive dead gone.service
provision-files
ssh.service enabled enabled
broken.service enabled enabled
idle.service disabled enabled
`;
  const row = (name: string, state: string, status: string) => ({ name, state, status, source: 'systemd' });
  expect(readServices(text)).toEqual({
    'ssh.service': row('ssh.service', 'running', 'enabled'),
    'broken.service': row('broken.service', 'stopped', 'failed'),
    'gone.service': row('gone.service', 'stopped', 'not-found'),
    'idle.service': row('idle.service', 'inactive', 'disabled'),
  });
  expect(serviceFacts.refuse?.({}, { code: 3, services: {} })).toEqual([
    expect.stringContaining('the host has no systemctl'),
  ]);
});

describe('tempfile', () => {
  test.each([
    [{}, /\/ansible\.\w{8}$/],
    [{ state: 'directory', prefix: "it's ", suffix: '.d' }, /\/it's \w{8}\.d$/],
  ])('%j', async (more, name) => {
    const path = fresh();
    const first = await machine.apply(tempfile, { path, ...more });
    const second = await machine.apply(tempfile, { path, ...more });
    expect(first.result.path).toMatch(name);
    expect(second.result.path).not.toBe(first.result.path);
    const { stdout } = await machine.run(
      `stat -c %a -- '${String(first.result.path).replaceAll("'", "'\\''")}'`,
    );
    expect(stdout.trim().padStart(4, '0')).toBe(first.result.mode);
  });

  test('fails where there is no directory', async () => {
    const { outputs } = await machine.apply(tempfile, { path: `${fresh()}/none` });
    expect(outputs[0]?.code).toBe(1);
  });
});

test('pause lets seconds pass, and none in a plan', async () => {
  const began = Date.now();
  await machine.look(pause, { seconds: 2 }, { contents: false, observations: true });
  expect(Date.now() - began).toBeLessThan(1900);
  const have = await machine.look(pause, { seconds: 2 }, { contents: false });
  expect(Date.now() - began).toBeGreaterThan(2000);
  expect(pause.result?.({ seconds: 2 }, have as never, [])).toMatchObject({
    delta: 2,
    stdout: 'Paused for 2.0 seconds',
  });
});

test('pause that waits for an answer fails', async () => {
  const have = { start: '', stop: '' };
  expect(pause.refuse?.({ prompt: 'Really?' }, have)).toEqual([
    expect.stringContaining('nobody is asked: Really?'),
  ]);
  expect(pause.refuse?.({ minutes: 1, prompt: 'Really?' }, have)).toEqual([]);
});

test('wait_for_connection waits as long as it is asked to', async () => {
  const began = Date.now();
  await machine.look(waitForConnection, { delay: 1 }, { contents: false });
  expect(Date.now() - began).toBeGreaterThan(1000);
});

test('raw runs shell code each time', async () => {
  const { outputs } = await machine.apply(raw, { cmd: 'echo "$((1 + 1))"' });
  expect(outputs[0]?.stdout).toBe('2\n');
  expect(raw.repeats?.({ cmd: 'x' })).toBe(true);
});
