import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, RunError, type RunOptions } from '../../../src/transport/connection.ts';
import { connect } from '../../../src/transport/connection-opening.ts';
import { isAlive, marker, printed, program } from '../../helpers/transport/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'provision-local-'));
const path = process.env.PATH;
let connection: Connection;

beforeEach(async () => {
  connection = await connect({ name: 'here', kind: 'local' }, {});
});
afterEach(async () => {
  process.env.PATH = path;
  await connection.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (body: string, options: Partial<RunOptions> = {}) =>
  connection.run(program(body), { endMarker: marker, ...options });

async function waitFor(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1000 && !condition(); attempt++) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a program', () => {
  test('gives both streams, its code, and nothing of ours', async () => {
    const result = await run('echo out; echo err >&2');
    expect(result.code).toBe(0);
    expect(result.stdout.toString()).toBe(`out\n${marker}`);
    expect(result.stderr.toString()).toBe(`err\n${marker}`);
    expect(connection.counts).toEqual({ connections: 1, execs: 1 });
  });

  test('shows its output as it comes', async () => {
    const seen: string[] = [];
    const result = await run('printf a; printf b >&2', {
      onOutput: (stream, chunk) => seen.push(`${stream} ${chunk.toString()}`),
    });
    expect(
      seen
        .filter((text) => text.startsWith('stdout'))
        .map((text) => text.slice(7))
        .join(''),
    ).toBe(result.stdout.toString());
    expect(
      seen
        .filter((text) => text.startsWith('stderr'))
        .map((text) => text.slice(7))
        .join(''),
    ).toBe(result.stderr.toString());
  });

  test('survives bytes that are not text', async () => {
    const result = await run(String.raw`printf '\000\377\n\200'`);
    expect(result.stdout.subarray(0, 4)).toEqual(Buffer.from([0, 0xff, 10, 0x80]));
  });

  test('may be large', async () => {
    const text = 'ä'.repeat(1_500_000);
    const result = await run(`cat <<'end'\n${text}\nend`);
    expect(result.stdout.length).toBe(3_000_001 + marker.length);
  });

  test('that ends early gives its code and what it said', async () => {
    const result = await run('echo before; exit 3');
    expect(result).toMatchObject({ code: 3, stdout: Buffer.from('before\n') });
  });

  test('that is killed gives 128 and the signal', async () => {
    expect((await run('kill -9 $$')).code).toBe(137);
  });

  test('that is cut short runs nothing', async () => {
    const witness = join(folder, 'cut-short');
    const result = await connection.run(`{ touch ${witness}\n`, { endMarker: marker });
    expect(result.code).not.toBe(0);
    expect(existsSync(witness)).toBe(false);
    expect(result.stderr.toString()).toMatch(/syntax error/i);
  });

  test('is over although a child keeps its streams open', async () => {
    const began = performance.now();
    const result = await run('sleep 30 & echo $!');
    expect(result.code).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    process.kill(Number(printed(result.stdout)));
  });

  test('is over when it dies without the marker and a child keeps its streams open', async () => {
    const result = await run('sleep 30 & echo $!; exit 4');
    expect(result.code).toBe(4);
    process.kill(Number(printed(result.stdout)));
  });

  test.each([1, 2, 7])('marker cut into pieces of %i', async (size) => {
    const cut = [...marker].reduce<string[]>((pieces, char, index) => {
      if (index % size === 0) pieces.push('');
      pieces[pieces.length - 1] += char === '\n' ? '\\n' : char;
      return pieces;
    }, []);
    const slowly = cut.map((piece) => `printf '${piece}'; printf '${piece}' >&2; sleep 0.003`).join('\n');
    const result = await connection.run(`${slowly}\nsleep 30 & echo $!\nexit 0\n`, { endMarker: marker });
    expect(result.code).toBe(0);
    process.kill(Number(result.stdout.toString().slice(marker.length)));
  });

  test('runs beside others, more than ten at once', async () => {
    const results = await Promise.all(Array.from({ length: 25 }, (_, index) => run(`echo ${index}`)));
    expect(results.map(({ stdout }) => Number(printed(stdout)))).toEqual(
      Array.from({ length: 25 }, (_, index) => index),
    );
    expect(connection.counts.execs).toBe(25);
  });

  test('an error in onOutput is the result, and ends the program', async () => {
    const running = run('echo $$; sleep 30', {
      onOutput: (_, chunk) => {
        throw new Error(`seen ${chunk.toString().trim()}`);
      },
    });
    const error = await running.catch((reason: Error) => reason);
    const pid = Number(/seen (\d+)/.exec(String(error))?.[1]);
    expect(pid).toBeGreaterThan(0);
    await waitFor(() => !isAlive(pid));
  });
});

describe('a held program', () => {
  test('waits for the end of the connection, then runs the rest', async () => {
    const witness = join(folder, 'held');
    const result = await connection.run(program('echo in', `trap 'echo over >${witness}' EXIT`), {
      endMarker: marker,
      hold: true,
    });
    expect(result.code).toBeUndefined();
    expect(printed(result.stdout)).toBe('in\n');
    expect((await run('echo beside')).code).toBe(0);
    expect(existsSync(witness)).toBe(false);
    await connection.close();
    expect(readFileSync(witness, 'utf8')).toBe('over\n');
  });

  test('that fails before the marker gives its code', async () => {
    expect((await run('exit 7', { hold: true })).code).toBe(7);
  });
});

describe('a shell that is not ready', () => {
  async function withShell(script: string): Promise<unknown> {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'sh'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'sh'), 0o755);
    const impatient = await connect({ name: 'here', kind: 'local' }, { shellTimeout: 500 });
    process.env.PATH = `${bin}:${path}`;
    const began = performance.now();
    const error = await impatient.run(program('echo never'), { endMarker: marker }).catch((reason) => reason);
    process.env.PATH = path;
    expect(performance.now() - began).toBeLessThan(20_000);
    await impatient.close();
    return error;
  }

  test.each([
    ['says nothing', 'exec sleep 60', /^its shell was not ready after 0\.5 s$/],
    [
      'is another program',
      'echo fish: Unsupported >&2; exec sleep 60',
      /^its shell was not ready after 0\.5 s; it printed: fish: Unsupported$/,
    ],
    ['talks on stdout only', 'while :; do echo x; sleep 0.1; done', /^its shell was not ready after 0\.5 s$/],
    [
      'never stops to talk',
      'exec yes motd >&2',
      /^its shell was not ready though it printed 1048576 bytes; it printed: [motd]*\nmotd/,
    ],
  ])('because it %s makes the host unreachable', async (_what, script, message) => {
    expect(await withShell(script)).toMatchObject({
      name: 'UnreachableError',
      code: 'timeout',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('--shell-timeout'),
    });
  });
});

describe('shared shells', () => {
  const next = (body: string, options: Partial<RunOptions> = {}) =>
    connection.run(program(body, ':'), { endMarker: marker, shared: true, ...options });

  test('programs of one user follow each other in one shell, and beside each other in several', async () => {
    const first = printed((await next('echo $$')).stdout);
    expect(printed((await next('echo $$')).stdout)).toBe(first);
    const both = await Promise.all([next('echo $$; sleep 0.1'), next('echo $$')]);
    const shells = both.map(({ stdout }) => printed(stdout));
    expect(shells[0]).toBe(first);
    expect(shells[1]).not.toBe(first);
    expect(connection.counts.execs).toBe(4);
  });

  test('a program that wants a shell of its own gets one, and it ends', async () => {
    const shared = printed((await next('echo $$')).stdout);
    const own = await run('echo $$');
    expect(own.code).toBe(0);
    expect(printed(own.stdout)).not.toBe(shared);
  });

  test('what is printed between two programs belongs to neither', async () => {
    await next('( sleep 0.1; echo late ) &');
    await sleep(300);
    expect(printed((await next('echo mine')).stdout)).toBe('mine\n');
  });

  test('what the shell shall do at its end waits for the end of the connection', async () => {
    const witness = join(folder, 'at-end');
    await connection.run(program('true', `trap 'echo over >${witness}' EXIT`), {
      endMarker: marker,
      hold: true,
    });
    expect(printed((await next('echo more')).stdout)).toBe('more\n');
    expect(existsSync(witness)).toBe(false);
    await connection.close();
    expect(readFileSync(witness, 'utf8')).toBe('over\n');
  });

  test('a shell that ends between two programs is replaced', async () => {
    const first = Number(printed((await next('echo $$')).stdout));
    process.kill(first, 'SIGKILL');
    await waitFor(() => !isAlive(first));
    await sleep(50);
    expect(Number(printed((await next('echo $$')).stdout))).not.toBe(first);
  });

  test('a program that is cut off takes its shell with it, and no other', async () => {
    const stop = new AbortController();
    const first = Number(printed((await next('echo $$')).stdout));
    const running = next('sleep 30', { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    await waitFor(() => !isAlive(first));
    expect(printed((await next('echo again')).stdout)).toBe('again\n');
  });
});

describe('cut off', () => {
  test('by a signal: the program and its children end', async () => {
    const stop = new AbortController();
    const seen = join(folder, 'pids');
    const running = run(`sleep 30 & echo $$ $! >${seen}.new; mv ${seen}.new ${seen}; wait`, {
      signal: stop.signal,
    });
    await waitFor(() => existsSync(seen));
    stop.abort();
    await expect(running).rejects.toMatchObject({ name: 'RunError', code: 'aborted' });
    const pids = readFileSync(seen, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await connection.close();
    for (const pid of pids) await waitFor(() => !isAlive(pid));
  });

  test('before it began', async () => {
    await expect(run('echo x', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(connection.counts.execs).toBe(0);
  });

  test('when it prints too much on both streams together', async () => {
    const running = run('yes & yes >&2', { maxBytes: 100_000 });
    await expect(running).rejects.toThrow(RunError);
    await expect(running).rejects.toMatchObject({
      code: 'output-limit',
      message: 'the output grew over 100000 bytes and was cut off',
    });
  });

  test('not when it prints just as much as it may', async () => {
    const result = await run('printf 12345', { maxBytes: 5 + 2 * marker.length });
    expect(result.code).toBe(0);
  });
});

describe('a command with stdin and stdout of the caller', () => {
  test('gets each byte, and gives each back, however many', async () => {
    const bytes = randomBytes(3_000_000);
    const { stdin, stdout, ended } = await connection.stream('cat', {});
    const back = buffer(stdout);
    stdin.end(bytes);
    expect((await back).equals(bytes)).toBe(true);
    expect(await ended).toEqual({ code: 0, stderr: '' });
    expect(connection.counts.execs).toBe(1);
  });

  test('says how it ended, and why', async () => {
    const { stdin, stdout, ended } = await connection.stream('cat; echo no such thing >&2; (exit 7)', {});
    stdin.end();
    stdout.resume();
    expect(await ended).toEqual({ code: 7, stderr: 'no such thing\n' });
  });

  test('is ended with all that it runs when the signal comes', async () => {
    const abort = new AbortController();
    const pid = join(folder, 'streamed-pid');
    const { stdout, ended } = await connection.stream(`sleep 600 & echo $! >${pid}; echo there; wait`, {
      signal: abort.signal,
    });
    await new Promise((resolve) => stdout.once('data', resolve));
    const sleeper = Number(readFileSync(pid, 'utf8'));
    expect(isAlive(sleeper)).toBe(true);
    abort.abort();
    await expect(ended).rejects.toThrow('the program was cut off');
    await waitFor(() => !isAlive(sleeper));
  });

  test('that never begins is given up', async () => {
    const impatient = await connect({ name: 'here', kind: 'local' }, { shellTimeout: 100 });
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'sudo'), '#!/bin/sh\nexec cat >/dev/null\n');
    chmodSync(join(bin, 'sudo'), 0o755);
    process.env.PATH = `${bin}:${path}`;
    const begun = impatient.stream('cat', { become: { user: 'slow' } });
    await expect(begun).rejects.toThrow("the shell of 'slow' was not ready after 0.1 s");
    await impatient.close();
  });
});

/** A sudo that asks, refuses and fails as the real one does, and cannot hide what it was fed. */
const fakeSudo = String.raw`#!/bin/sh
prompt= user= never=
while :; do
  case $1 in
    -H) ;;
    -S) ;;
    -n) never=1 ;;
    -p) shift; prompt=$1 ;;
    -u) shift; user=$1 ;;
    --) shift; break ;;
    *) echo "fake sudo: unexpected $1" >&2; exit 99 ;;
  esac
  shift
done
echo "sudo: unable to resolve host here: Name or service not known" >&2
case $user in
  nobody-here) echo "sudo: unknown user nobody-here" >&2; exit 1 ;;
  preached-at) printf 'A password is required.\nThink before you type.\n' >&2
    echo "Sorry, user me is not allowed to execute '$*' as forbidden on here." >&2; exit 1 ;;
  forbidden) echo "Sorry, user me is not allowed to execute '$*' as forbidden on here." >&2; exit 1 ;;
  broken) echo "sudo: effective uid is not 0, is sudo installed setuid root?" >&2; exit 1 ;;
  strange) echo "sudo: odd" >&2; exit 42 ;;
  dead) kill -9 $$ ;;
esac
if [ "$user" != free ]; then
  [ -z "$never" ] || { echo "sudo: a password is required" >&2; exit 1; }
  tries=3
  while :; do
    printf %s "$prompt" >&2
    IFS= read -r given || { echo "sudo: no password was provided" >&2; exit 1; }
    printf '%s\n' "$given" >>"$SUDO_HEARD"
    [ "$given" != 'right $1 pass' ] || break
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "sudo: 3 incorrect password attempts" >&2; exit 1; }
    echo "Sorry, try again." >&2
  done
fi
printf '%s\n' "$*" >>"$SUDO_HEARD.arguments"
PRETEND_USER=$user exec "$@"
`;

describe('become', () => {
  const heard = join(folder, 'heard');

  function useSudo(): void {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'sudo'), fakeSudo);
    chmodSync(join(bin, 'sudo'), 0o755);
    process.env.PATH = `${bin}:${path}`;
    process.env.SUDO_HEARD = heard;
    for (const file of [heard, `${heard}.arguments`]) rmSync(file, { force: true });
  }

  beforeEach(useSudo);

  const password = 'right $1 pass';

  test('with a password: it reaches sudo once, the program reaches the shell, neither shows', async () => {
    const result = await run('echo "as $PRETEND_USER"; echo err >&2', { become: { user: 'app', password } });
    expect(result.code).toBe(0);
    expect(result.stdout.toString()).toBe(`as app\n${marker}`);
    expect(result.stderr.toString()).toBe(`err\n${marker}`);
    expect(readFileSync(heard, 'utf8')).toBe(`${password}\n`);
    expect(readFileSync(`${heard}.arguments`, 'utf8')).not.toContain('PRETEND_USER');
  });

  test('without a prompt the password goes nowhere', async () => {
    const result = await run('cat; echo "as $PRETEND_USER"', { become: { user: 'free', password } });
    expect(printed(result.stdout)).not.toContain('pass');
    expect(existsSync(heard)).toBe(false);
  });

  test('with a password: a command gets the bytes of the caller, and only those', async () => {
    const { stdin, stdout, ended } = await connection.stream('echo "as $PRETEND_USER"; cat', {
      become: { user: 'app', password },
    });
    stdin.end('for cat\n');
    expect(await text(stdout)).toBe('as app\nfor cat\n');
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('a command that nobody may begin says why', async () => {
    await expect(connection.stream('cat', { become: { user: 'app' } })).rejects.toThrow(
      /^sudo wants a password to become 'app'/,
    );
  });

  test('as oneself sudo is not called', async () => {
    process.env.PATH = path;
    const result = await run('id -un', { become: { user: userInfo().username, password } });
    expect(printed(result.stdout)).toBe(`${userInfo().username}\n`);
  });

  test('held, and ended', async () => {
    const witness = join(folder, 'held-become');
    const held = await connection.run(program('echo in', `trap 'echo "$PRETEND_USER" >${witness}' EXIT`), {
      endMarker: marker,
      hold: true,
      become: { user: 'app', password },
    });
    expect(held.code).toBeUndefined();
    await connection.close();
    expect(readFileSync(witness, 'utf8')).toBe('app\n');
  });

  test.each<[string, { user: string; password?: string }, RegExp, RegExp]>([
    [
      'no password',
      { user: 'app' },
      /^sudo wants a password to become 'app': .*a password is required/s,
      /-K \(--ask-become-pass\).*NOPASSWD/,
    ],
    [
      'a wrong password',
      { user: 'app', password: 'wrong' },
      /^sudo refused the password to become 'app'/,
      /-K.*of the login user/,
    ],
    ['an empty password', { user: 'app', password: '' }, /^sudo refused the password/, /-K/],
    [
      'an unknown user',
      { user: 'nobody-here', password },
      /^there is no user 'nobody-here' on the host/,
      /become_user/,
    ],
    [
      'a user that sudoers forbids',
      { user: 'forbidden', password },
      /^sudoers does not let the login user become 'forbidden'/,
      /visudo/,
    ],
    [
      'a lecture before it that says something else',
      { user: 'preached-at', password },
      /^sudoers does not let the login user become 'preached-at'/,
      /visudo/,
    ],
    ['a sudo without setuid', { user: 'broken', password }, /may not change the user/, /setuid root/],
    [
      'a strange failure',
      { user: 'strange', password },
      /^could not become 'strange' \(exit code 42\): .*sudo: odd/s,
      /sudo -v/,
    ],
    ['a sudo that dies', { user: 'dead', password }, /^could not become 'dead' \(exit code 137\)/, /sudo -v/],
  ])('%s', async (_, become, message, hint) => {
    const error = await run('echo never', { become }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({
      code: 'become',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(String(error)).not.toContain('-prompt');
    expect(String(error)).not.toContain('exec sh -s');
  });

  test('a password with a line break never leaves', async () => {
    const become = { user: 'app', password: `${password}\ntouch ${heard}` };
    await expect(run('echo never', { become })).rejects.toMatchObject({
      code: 'become',
      message: expect.stringMatching(/line break/),
    });
    expect(existsSync(heard)).toBe(false);
  });

  test('a password is tried once only', async () => {
    await run('echo never', { become: { user: 'app', password: 'wrong' } }).catch(() => undefined);
    expect(readFileSync(heard, 'utf8')).toBe('wrong\n');
  });

  test('no sudo on the host', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    process.env.PATH = bin;
    writeFileSync(join(bin, 'sh'), '#!/bin/sh\nexec /bin/sh "$@"\n', { mode: 0o755 });
    await expect(run('echo never', { become: { user: 'app', password } })).rejects.toMatchObject({
      code: 'become',
      message: expect.stringMatching(/^there is no sudo on the host to become 'app'/),
      hint: expect.stringMatching(/install sudo/),
    });
  });

  test('cut off while sudo runs the program', async () => {
    const stop = new AbortController();
    const seen = join(folder, 'become-pid');
    const running = run(`echo $$ >${seen}; sleep 30`, {
      signal: stop.signal,
      become: { user: 'app', password },
    });
    await waitFor(() => existsSync(seen) && readFileSync(seen, 'utf8') !== '');
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    await waitFor(() => !isAlive(Number(readFileSync(seen, 'utf8'))));
  });
});

test('a machine without sh is unreachable, not a crash', async () => {
  process.env.PATH = folder;
  await expect(run('echo x')).rejects.toMatchObject({ name: 'UnreachableError', code: 'connect' });
});
