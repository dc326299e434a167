import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { script } from '../../../src/resources/script.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const host = new ShellHost();
const source = (text: string) => ({ source_file: { path: '/x', content: Buffer.from(text) } });

test.each([
  [
    'its arguments are read by a shell',
    'a.sh one "two three" $((1 + 1))',
    '#!/bin/sh\nprintf "%s|" "$@"; echo',
    {},
    'one|two three|2|',
  ],
  ['its name stays', 'files/a.sh', '#!/bin/sh\necho "${0##*/}"', {}, 'a.sh'],
  ['a name with a space', '"my script.sh" x', '#!/bin/sh\necho "${0##*/} $1"', {}, 'my script.sh x'],
  ['another program runs it', 'a.txt x', 'echo "$1"', { executable: 'sh -e' }, 'x'],
  ['a directory', 'a.sh', '#!/bin/sh\npwd', { chdir: '/' }, '/'],
])('%s', async (_, cmd, text, more, stdout) => {
  const { result } = await host.apply(script, { cmd, ...more }, source(text));
  expect(result).toMatchObject({ rc: 0, stdout: `${stdout}\n`, stdout_lines: [stdout] });
});

test('a failure has its number, and nothing is left behind', async () => {
  // A place of its own: other tests make temporary files meanwhile.
  const temporary = mkdtempSync(join(tmpdir(), 'script-'));
  onTestFinished(() => rmSync(temporary, { recursive: true }));
  vi.stubEnv('TMPDIR', temporary);
  const { result } = await host.apply(script, { cmd: 'a.sh' }, source('#!/bin/sh\necho no >&2; exit 7\n'));
  expect(result).toMatchObject({ rc: 7, stderr: 'no\n', msg: 'non-zero return code' });
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([
  [{ creates: '/' }, '/ exists, matching creates option'],
  [{ removes: '/nowhere' }, '/nowhere does not exist, matching removes option'],
])('nothing is done, and it is registered as skipped: %o', async (unless, msg) => {
  const { changes, result } = await host.apply(script, { cmd: 'a.sh', ...unless }, source('exit 1'));
  expect(changes).toEqual([]);
  expect(result).toEqual({ skipped: true, msg });
});
