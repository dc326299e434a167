import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  certificateComplaint,
  clientsComplaint,
  directoryComplaint,
  portComplaint,
  serverComplaint,
} from '../../../../../src/domains/tls-logs/commands/init/init-answers.ts';
import { initPlaybook } from '../../../../../src/domains/tls-logs/commands/init/init-playbook.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { provisionOnTerminal } from '../../../../helpers/tls-logs/ca-terminal.ts';

const sshConfig = `Include more
Host logs log-server
  HostName 192.0.2.10
Host h2 alias-of-h2
Host github.com
  User git
Host *.lan !x
`;

// A home with ~/.ssh/config, which is the working directory too.
function home(config = sshConfig): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const cwd = folder({});
  mkdirSync(join(cwd, '.ssh'));
  writeFileSync(join(cwd, '.ssh/config'), config);
  writeFileSync(join(cwd, '.ssh/more'), 'Host pi\n');
  for (const name of ['config', 'more']) chmodSync(join(cwd, '.ssh', name), 0o600);
  return { cwd, env: { HOME: cwd } };
}

// Without the line for editors, which is there where provision is built.
const read = (cwd: string, file = 'logs.yml') =>
  readFileSync(join(cwd, file), 'utf8').replace(/^# yaml-language-server: .*\n/, '');

describe('without questions', () => {
  test('what ~/.ssh/config proposes is taken, and the playbook is valid', async () => {
    const { cwd, env } = home();
    expect(await provision(['init', '--yes'], { cwd, env })).toMatchObject({
      code: 0,
      stdout:
        'wrote logs.yml: log server logs, 2 clients, all certificates from a CA of your own\nnext: provision plan logs.yml\n',
      stderr: '',
    });
    await expect(read(cwd)).toMatchFileSnapshot('./golden/init-private.yml');
    expect((await provision(['validate', 'logs.yml'], { cwd, env })).stdout).toMatch(/, 3 hosts: ok\n$/);
  });

  test('options win', async () => {
    const { cwd, env } = home();
    const words = ['--server', 'pi', '--clients', 'a, b c', '--certificate', 'log.example.com'];
    const rest = ['--port', '10514', '--directory', '/srv/My logs'];
    const { code, stdout } = await provision(['init', 'my site.yml', ...words, ...rest], { cwd, env });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        "wrote my site.yml: log server pi, 3 clients, certbot's certificate for log.example.com\nnext: provision plan 'my site.yml'\n",
    });
    await expect(read(cwd, 'my site.yml')).toMatchFileSnapshot('./golden/init-certbot.yml');
    expect((await provision(['validate', 'my site.yml'], { cwd, env })).stdout).toMatch(/, 4 hosts: ok\n$/);
  });

  test('a file that is there is left alone', async () => {
    const { cwd, env } = home();
    writeFileSync(join(cwd, 'logs.yml'), 'mine');
    const { code, stderr } = await provision(['init', '--yes'], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'logs.yml is there already, and is left alone\n  hint: name another file: `provision init FILE`',
    );
    expect(read(cwd)).toBe('mine');
  });

  test('all that is missing or wrong is reported at once, and nothing is written', async () => {
    const { cwd, env } = home('');
    const { code, stderr } = await provision(['init', '--clients', 'a b', '--port', '0'], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain('answer it with --server');
    expect(stderr).toContain('--port 0: a port is a number from 1 to 65535');
    expect(stderr).toContain('2 problems');
    expect(existsSync(join(cwd, 'logs.yml'))).toBe(false);
  });

  test('an ssh configuration that cannot be read proposes nobody, and says so', async () => {
    const { cwd, env } = home("Host 'h1\n");
    const { code, stdout, stderr } = await provision(['init', '--server', 'a', '--clients', 'b'], {
      cwd,
      env,
    });
    expect(stderr).toMatch(/^warning: no hosts are proposed: .*config:1: a ' is not closed\n$/);
    expect(code).toBe(0);
    expect(stdout).toContain('Clients must be able to find the name a, or set log_target in the file.\n');
  });
});

describe('on a terminal', () => {
  const prompt = / {2}(?:\[[^\n\]]*\] )?> /g;
  const plain = (shown: string) => shown.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');

  test('five questions are asked, a wrong answer again, and Enter takes what is proposed', async () => {
    const { cwd, env } = home();
    const answers = ['\n', 'logs\n', 'pi, h9\n', '\n', '99999\n', '\n', '/srv/logs\n'];
    const { code, shown } = await provisionOnTerminal(['init', '--no-color'], cwd, answers, env, prompt);
    expect(code).toBe(0);
    await expect(plain(shown)).toMatchFileSnapshot('./golden/init-terminal.txt');
    expect(read(cwd)).toContain('log_port: 6514\n');
    expect(read(cwd)).toContain('log_server_directory: /srv/logs\n');
    expect(read(cwd)).toContain('          pi:\n          h9:\n');
    expect((await provision(['validate', 'logs.yml'], { cwd, env })).stdout).toMatch(/, 3 hosts: ok\n$/);
  });

  test('what options say is not asked', async () => {
    const { cwd, env } = home();
    const words = ['init', '--no-color', '--server', 'logs', '--clients', 'h2', '--certificate', 'private'];
    const { code, shown } = await provisionOnTerminal(words, cwd, ['\n', '\n'], env, prompt);
    expect(code).toBe(0);
    expect(shown.match(prompt)).toHaveLength(2);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['the end of input', '\u0004'],
  ])('%s ends it, and nothing is written', async (_name, key) => {
    const { cwd, env } = home();
    const { code } = await provisionOnTerminal(['init'], cwd, ['\n', key], env, prompt);
    expect(code).toBe(130);
    expect(existsSync(join(cwd, 'logs.yml'))).toBe(false);
  });
});

test.each<[string, (text: string) => string | undefined, readonly string[], readonly string[]]>([
  [
    'the server',
    serverComplaint,
    ['h1', 'log.example.com', ' h1 '],
    ['', 'a b', 'root@h1', '-x', 'h1:22', 'a\u001bb'],
  ],
  [
    'clients',
    (text) => clientsComplaint(text, 'h1'),
    ['h2', 'h2,h3', 'h2 , h3'],
    ['', ',', 'h1', 'h2 h1', 'all,*'],
  ],
  [
    'certificates',
    certificateComplaint,
    ['private', 'log.example.com'],
    ['', 'certbot', 'log', '192.0.2.1', '*.example.com', 'a..b.c'],
  ],
  ['the port', portComplaint, ['1', '6514', '65535'], ['', '0', '65536', '6514x', '-1', '1e3', '0x10']],
  [
    'the directory',
    directoryComplaint,
    ['/var/log/remote', '/srv/My logs'],
    ['', '/', 'logs', '/a/', '/a"b', '/a%b', '/a\nb'],
  ],
])('answers for %s', (_name, complaint, good, bad) => {
  for (const text of good) expect(complaint(text), text).toBeUndefined();
  for (const text of bad) expect(complaint(text), text).toBeTruthy();
});

test('however many clients there are, it has at most 40 lines, and words of YAML are names', async () => {
  const clients = ['yes', '1e3', 'null', ...Array.from({ length: 57 }, (_, n) => `machine-${n}`)];
  const rest = { server: 'on', port: 6514, directory: '/var/log/remote' };
  const text = initPlaybook({ ...rest, clients }, 'logs.yml', '/schemas/playbook.schema.json');
  expect(text).toMatch(/^# yaml-language-server: \$schema=\/schemas\/playbook.schema.json\n/);
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(40);
  const { stdout, stderr } = await provision(['validate', 'logs.yml'], { cwd: folder({ 'logs.yml': text }) });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^logs.yml: .*, 61 hosts: ok\n$/);
});
