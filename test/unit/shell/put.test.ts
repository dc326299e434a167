import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeDirectoryScript, ownScript, printBytes, putPrelude, putScript } from '../../../src/shell/put.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('on %s', (_name, shell) => {
  const machine = new ShellHost(shell);

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_value, index) => index))],
    ['a megabyte', Buffer.alloc(1024 * 1024, 'abc\n')],
    ['what ends a here document', Buffer.from('provision_end\n$(id) `id` \\\n')],
  ])('writes %s', async (_what, content) => {
    const path = `${fresh()}/a`;
    expect(await machine.run(putScript(path, printBytes(content), {}))).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(mode(path)).toBe('644');
  });

  test('mode of the old file stays, another is set', async () => {
    const path = `${fresh()}/a`;
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    await machine.run(putScript(path, printBytes('new'), {}));
    expect(mode(path)).toBe('640');
    await machine.run(putScript(path, printBytes('new'), { mode: '00600' }));
    expect(mode(path)).toBe('600');
  });

  test('a source that fails leaves the old file and nothing beside it', async () => {
    const directory = fresh();
    writeFileSync(`${directory}/a`, 'old');
    const { code } = await machine.run(putScript(`${directory}/a`, 'echo half; false', {}));
    expect([code, readdirSync(directory), readFileSync(`${directory}/a`, 'utf8')]).toEqual([1, ['a'], 'old']);
  });

  test('a validation gets the new file in place and may refuse it', async () => {
    const directory = fresh();
    const check = `[ "$(cat "$1")" = good ] || { echo "bad: $1"; exit 1; }`;
    expect((await machine.run(putScript(`${directory}/a`, 'printf good', {}, check))).code).toBe(0);
    const { code, stderr } = await machine.run(putScript(`${directory}/a`, 'printf evil', {}, check));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/validation failed, nothing was replaced: bad: .*\.provision-/),
    ]);
    expect([readdirSync(directory), readFileSync(`${directory}/a`, 'utf8')]).toEqual([['a'], 'good']);
  });

  test('directories are made with their parents, each with its mode', async () => {
    const directory = fresh();
    expect((await machine.run(makeDirectoryScript(`${directory}/a b/c`, { mode: '0700' }))).code).toBe(0);
    expect([mode(`${directory}/a b`), mode(`${directory}/a b/c`)]).toEqual(['700', '700']);
  });
});

describe('never wider than wanted', () => {
  test('a key written over a file that all may read is never readable, not for a moment', async () => {
    const path = `${fresh()}/key`;
    writeFileSync(path, 'public\n', { mode: 0o644 });
    chmodSync(path, 0o644);
    // Every moment of the write is stretched: each command that touches the new file prints its mode first.
    const shown = ['chown', 'chgrp', 'chmod', 'sync', 'mv', 'cp']
      .map((tool) => `${tool}() { stat -c '${tool} %a' "$provision_new"; command ${tool} "$@"; }`)
      .join('\n');
    const machine = new ShellHost(['sh', '-s'], {}, `${putPrelude}\n${shown}`);
    const { stdout, code } = await machine.run(
      putScript(path, 'stat -c "write %a" "$provision_new" >&2; echo secret', { mode: '00600' }),
    );
    expect(code).toBe(0);
    const moments = stdout.split('\n').filter(Boolean);
    expect(moments.map((line) => line.split(' ')[0])).toEqual(['chown', 'chmod', 'sync', 'mv']);
    expect(new Set(moments.map((line) => line.split(' ')[1]))).toEqual(new Set(['600']));
    expect(readFileSync(path, 'utf8')).toBe('secret\n');
  });

  test('a poll sees the old file or the new one, never the secret under the old mode', async () => {
    const directory = fresh();
    const path = `${directory}/key`;
    writeFileSync(path, 'public\n', { mode: 0o644 });
    const poll = spawn('sh', [
      '-c',
      `while [ ! -e "$1.stop" ]; do for f in "$1" "$1".* "\${1%/*}"/.provision-*; do
        [ -f "$f" ] && { m=$(stat -L -c %a /dev/fd/3) && c=$(cat <&3) && echo "$m $c"; } 3<"$f"; done; done 2>/dev/null`,
      'poll',
      path,
    ]);
    let seen = '';
    poll.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const machine = new ShellHost();
    for (let round = 0; round < 10; round += 1) {
      await machine.run(putScript(path, printBytes('public\n'), { mode: '00644' }));
      await machine.run(putScript(path, printBytes('secret\n'), { mode: '00600' }));
    }
    writeFileSync(`${path}.stop`, '');
    await new Promise((resolve) => poll.on('close', resolve));
    const states = new Set(seen.split('\n').filter((line) => line.includes('secret')));
    expect([...states]).toEqual(['600 secret']);
  });
});

describe('a full disk', () => {
  test('a file that may not grow: nothing half-written is left', async () => {
    const directory = fresh();
    writeFileSync(`${directory}/a`, 'old');
    // The limit counts blocks of 512 bytes (1024 in some shells); the signal of a too large file is ignored as on a full disk.
    const limited = new ShellHost(['sh', '-s'], {}, `trap '' XFSZ\nulimit -f 8\n${putPrelude}`);
    const { code, stderr } = await limited.run(
      putScript(`${directory}/a`, printBytes(Buffer.alloc(100_000, 'x')), {}),
    );
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/base64|File too large/);
    expect([readdirSync(directory), readFileSync(`${directory}/a`, 'utf8')]).toEqual([['a'], 'old']);
  });

  test.runIf(process.getuid?.() === 0)('a full file system: nothing half-written is left', async () => {
    const directory = fresh();
    const mounted = spawnSync('sh', ['-c', 'mount -t tmpfs -o size=64k tmpfs "$1"', 'sh', directory]);
    expect(mounted.status).toBe(0);
    try {
      writeFileSync(`${directory}/a`, 'old');
      const { code, stderr } = await new ShellHost().run(
        putScript(`${directory}/a`, printBytes(Buffer.alloc(200_000, 'x')), {}),
      );
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/No space left/);
      expect([readdirSync(directory), readFileSync(`${directory}/a`, 'utf8')]).toEqual([['a'], 'old']);
    } finally {
      spawnSync('sh', ['-c', 'umount "$1"', 'sh', directory]);
    }
  });
});

describe('the copy for a rollback', () => {
  const saving = (saved: string) =>
    new ShellHost(['sh', '-s'], {}, `provision_saved='${saved}'\n${putPrelude}`);
  const copies = (saved: string) =>
    readdirSync(saved)
      .filter((name) => name.endsWith('.path'))
      .map((name) => {
        const copy = `${saved}/${name.replace(/path$/, 'copy')}`;
        return [
          readFileSync(`${saved}/${name}`, 'utf8'),
          existsSync(copy) ? readFileSync(copy, 'utf8') : undefined,
        ];
      });

  test('keeps what was there before the first change, once, for nobody else to read', async () => {
    const directory = fresh();
    const saved = `${directory}/saved`;
    const path = `${directory}/it's\na file`;
    writeFileSync(path, 'first', { mode: 0o644 });
    await saving(saved).run(putScript(path, 'echo second', {}));
    await saving(saved).run(putScript(path, 'echo third', {}));
    expect(copies(saved)).toEqual([[path, 'first']]);
    expect(mode(saved)).toBe('700');
  });

  test('remembers that there was nothing', async () => {
    const directory = fresh();
    await saving(`${directory}/saved`).run(putScript(`${directory}/new`, 'echo x', {}));
    expect(copies(`${directory}/saved`)).toEqual([[`${directory}/new`, undefined]]);
  });

  test('comes before a change of mode, and lets a directory be', async () => {
    const directory = fresh();
    const saved = `${directory}/saved`;
    writeFileSync(`${directory}/a`, 'x', { mode: 0o644 });
    mkdirSync(`${directory}/sub`);
    await saving(saved).run(
      `${ownScript(`${directory}/a`, { mode: '00600' })}\n${ownScript(`${directory}/sub`, { mode: '00700' })}`,
    );
    expect(copies(saved)).toEqual([[`${directory}/a`, 'x']]);
    expect([mode(`${directory}/a`), mode(`${directory}/sub`)]).toEqual(['600', '700']);
  });

  test('keeps a link as a link', async () => {
    const directory = fresh();
    const saved = `${directory}/saved`;
    symlinkSync('nowhere', `${directory}/link`);
    await saving(saved).run(putScript(`${directory}/link`, 'echo x', {}));
    const copy = readdirSync(saved).find((name) => name.endsWith('.copy'));
    expect(spawnSync('readlink', [`${saved}/${copy}`], { encoding: 'utf8' }).stdout).toBe('nowhere\n');
  });

  test('that cannot be made stops the change', async () => {
    const directory = fresh();
    writeFileSync(`${directory}/a`, 'old');
    writeFileSync(`${directory}/blocked`, '');
    const { code } = await saving(`${directory}/blocked/saved`).run(
      putScript(`${directory}/a`, 'echo new', {}),
    );
    expect([code, readFileSync(`${directory}/a`, 'utf8')]).toEqual([1, 'old']);
  });

  test('leaves the umask of the rest alone', async () => {
    const directory = fresh();
    const { stdout } = await saving(`${directory}/saved`).run(
      `umask 022\nprovision_save ${directory}/x\numask`,
    );
    expect(stdout.trim()).toMatch(/^0?022$/);
  });
});
