import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { composeService } from '../../../../../src/domains/containers/resources/compose-service.ts';
import { StandInDocker } from '../../../../helpers/containers/stand-in-docker.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';

const plain = 'services:\n  s:\n    image: x\n    command: old # c\n  web: {image: y}\n';
const fresh = scratch();
let folder: string;

beforeEach(() => {
  folder = fresh();
  mkdirSync(join(folder, 'p'));
});

const at = (name: string) => join(folder, 'p', name);
const text = (name = 'docker-compose.yml') => readFileSync(at(name), 'utf8');
const write = (content: string, name = 'docker-compose.yml') => writeFileSync(at(name), content);
const args = (more: object = { settings: { command: 'new' } }) => ({
  project_src: join(folder, 'p'),
  service: 's',
  ...more,
});

function machine(...[names, plugin]: readonly [(readonly string[])?, boolean?]) {
  const docker = new StandInDocker(join(folder, 'bin'), names, plugin);
  docker.set('called', '');
  return { docker, host: new ShellHost(['sh', '-s'], docker.environment) };
}

describe.each([
  ['docker compose', ['docker'], true],
  ['docker-compose', ['docker', 'docker-compose'], false],
] as const)('with %s', (command, names, plugin) => {
  test('the file is edited and the container made anew, once', async () => {
    const { docker, host } = machine(names, plugin);
    write(plain);
    const first = await host.apply(composeService, args());
    expect(first.outputs).toEqual([{ code: 0, stdout: '', stderr: '' }]);
    expect(first.changes).toEqual([
      {
        attribute: 'content',
        text: { path: at('docker-compose.yml'), before: plain, after: plain.replace('old', 'new') },
      },
      { attribute: 'container', from: 'absent', to: 'running' },
    ]);
    expect(text()).toBe(plain.replace('old', 'new'));
    expect(docker.called('up')).toBe(1);
    docker.set('called', '');
    const again = await host.apply(composeService, args());
    expect(again).toMatchObject({
      changes: [],
      result: { compose: command, version: '2.26.1', containers: ['s'], files: [at('docker-compose.yml')] },
    });
    // docker-compose starts Python for each question: what labels say is not asked of it.
    const asked = ['version', 'config', 'ps'].map((word) => docker.called(word));
    expect(asked).toEqual(plugin ? [1, 1, 1] : [0, 1, 0]);
    const other = await host.apply(composeService, args({ settings: { command: 'newer' } }));
    expect(other.changes.at(-1)).toEqual({ attribute: 'container', from: 'running', to: 'made anew' });
    write(`${text()}# by hand`);
    expect((await host.plan(composeService, args({ state: 'started' }))).changes).toEqual([
      { attribute: 'container', from: 'running, of another definition', to: 'made anew' },
    ]);
    docker.set('s.state', 'exited');
    expect((await host.plan(composeService, args({ state: 'started' }))).changes).toEqual([
      { attribute: 'container', from: 'exited', to: 'running' },
    ]);
    expect((await host.plan(composeService, args({ settings: {}, state: 'present' }))).changes).toEqual([]);
  });

  test.each([
    ['Compose does not take it', 'INVALID', 'validation failed, nothing was replaced', 0],
    ['its image is not there', 'NOIMAGE', 'pull access denied', 2],
    ['it does not stay up', 'DIES', 'the new container does not stay up', 2],
  ])('the old file stays or comes back when %s', async (_title, value, says, ups) => {
    const { docker, host } = machine(names, plugin);
    write(plain);
    const { outputs } = await host.apply(composeService, args({ settings: { command: value } }));
    expect(outputs).toEqual([{ code: 1, stdout: '', stderr: expect.stringContaining(says) }]);
    expect(text()).toBe(plain);
    expect(docker.called('up')).toBe(ups);
    if (ups > 0) {
      expect(outputs[0]?.stderr).toContain('the file and the container are as they were');
      expect((await host.plan(composeService, args({ state: 'started' }))).changes).toEqual([]);
    }
  });
});

test('of a container that does not stay up its last words are shown', async () => {
  const { host } = machine();
  write(plain.replace('old', 'DIES'));
  const { outputs } = await host.apply(composeService, args({ state: 'started' }));
  expect(outputs[0]).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot bind port') });
});

test('what somebody else wrote meanwhile is not overwritten', async () => {
  const { host } = machine();
  write(plain);
  const planned = await host.plan(composeService, args());
  write(`${plain}# mine\n`);
  const steps = composeService.steps(planned.args as never, planned.changes, planned.have as never);
  const [first] = steps;
  const output = await host.run(first?.kind === 'script' ? first.script : '');
  expect(output).toMatchObject({ code: 1, stderr: expect.stringContaining('was changed by someone else') });
});

describe('which files', () => {
  test.each<[string, Record<string, string>, string, object]>([
    [
      'the override has the last word',
      { 'docker-compose.yml': plain, 'docker-compose.override.yml': plain },
      'docker-compose.override.yml',
      {},
    ],
    [
      'COMPOSE_FILE in .env',
      { 'a.yml': plain, 'b.yml': plain, '.env': 'X=1\r\nCOMPOSE_FILE="a.yml:b.yml"\r\n' },
      'b.yml',
      {},
    ],
    [
      'another separator',
      { 'a.yml': plain, 'b.yml': plain, '.env': 'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=b.yml,a.yml' },
      'a.yml',
      {},
    ],
    ['those of the task', { 'a.yml': plain, 'compose.yaml': plain }, 'a.yml', { files: ['a.yml'] }],
    ['the usual name', { 'compose.yaml': plain }, 'compose.yaml', {}],
  ])('%s', async (_title, files, editedFile, more) => {
    const { host } = machine();
    for (const [name, content] of Object.entries(files)) write(content, name);
    const want = args({ settings: { command: 'new' }, state: 'present', ...more });
    expect((await host.apply(composeService, want)).outputs).toMatchObject([{ code: 0 }]);
    for (const [name, content] of Object.entries(files)) {
      expect(text(name), name).toBe(name === editedFile ? content.replace('old', 'new') : content);
    }
    expect((await host.plan(composeService, want)).changes).toEqual([]);
  });

  test('a link stays one, and the file keeps its mode', async () => {
    const { host } = machine();
    write(plain, 'real.yml');
    symlinkSync('real.yml', at('compose.yml'));
    const { mode } = statSync(at('real.yml'));
    await host.apply(composeService, args());
    expect(text('real.yml')).toBe(plain.replace('old', 'new'));
    expect(text('compose.yml')).toBe(text('real.yml'));
    expect(statSync(at('real.yml')).mode).toBe(mode);
  });
});

describe('refused before anything is touched', () => {
  const refusal = async (names: readonly string[], plugin: boolean, more: object = {}) =>
    (await machine(names, plugin).host.plan(composeService, args({ state: 'started', ...more }))).refused;

  test.each<[string, readonly string[], boolean, Record<string, string>, object, string]>([
    [
      'no compose',
      ['docker'],
      false,
      { 'compose.yml': plain },
      {},
      'neither `docker compose` nor `docker-compose`',
    ],
    ['no file', ['docker'], true, {}, {}, 'has no compose file (compose.yaml'],
    [
      'two files',
      ['docker'],
      true,
      { 'compose.yml': plain, 'docker-compose.yml': plain },
      {},
      'has compose.yml and docker-compose.yml, of which Compose takes one',
    ],
    ['a file that is missing', ['docker'], true, {}, { files: ['x.yml'] }, 'has no readable file x.yml'],
    [
      'a large file',
      ['docker'],
      true,
      { 'compose.yml': `${plain}#${'x'.repeat(1024 * 1024)}` },
      {},
      'is larger than 1 MiB',
    ],
    [
      'what Compose does not take already',
      ['docker'],
      true,
      { 'compose.yml': plain.replace('old', 'INVALID') },
      {},
      'docker compose does not take',
    ],
    [
      'no such directory',
      ['docker'],
      true,
      {},
      { project_src: '/nowhere/at/all' },
      'the host has no directory /nowhere/at/all',
    ],
    [
      'no such service',
      ['docker'],
      true,
      { 'compose.yml': plain },
      { service: 'z' },
      'there is no service z in',
    ],
  ])('%s', async (_title, names, plugin, files, more, says) => {
    for (const [name, content] of Object.entries(files)) write(content, name);
    expect(await refusal(names, plugin, more)).toEqual([expect.stringContaining(says)]);
  });

  test('no docker, and a daemon that does not answer', async () => {
    write(plain);
    const docker = new StandInDocker(join(folder, 'bin'));
    mkdirSync(join(folder, 'none'));
    for (const tool of ['base64', 'tr']) symlinkSync(`/usr/bin/${tool}`, join(folder, 'none', tool));
    const without = new ShellHost(['/bin/sh', '-s'], { PATH: join(folder, 'none') });
    expect((await without.plan(composeService, args())).refused).toEqual([
      expect.stringContaining('there is no docker on the host, so nothing was touched'),
    ]);
    docker.set('down', '');
    const down = new ShellHost(['sh', '-s'], docker.environment);
    expect((await down.plan(composeService, args())).refused).toEqual([
      'the Docker daemon does not answer: Cannot connect to the Docker daemon',
    ]);
  });
});

test('a diff shows nothing that its name calls a secret', async () => {
  const { host } = machine();
  write(
    'services:\n  s:\n    environment:\n      - DB_PASSWORD=hush1\n      - URL=https://me:hush2@h\n      - TLS_KEY_TOKEN_FILE=/x\n    labels: {api_key: hush3, a: b}\n',
  );
  const more = { settings: { environment: { DB_PASSWORD: 'hush4', A: 'b', MY_SECRET: 'hush5' } } };
  const { changes } = await host.plan(composeService, args(more));
  expect(JSON.stringify(changes)).not.toContain('hush');
  expect(changes[0]?.text?.after).toContain('DB_PASSWORD=<hidden, changed>');
  expect(changes[0]?.text?.after).toContain('MY_SECRET=<hidden>');
  expect(changes[0]?.text?.after).toContain('TLS_KEY_TOKEN_FILE=/x');
});
