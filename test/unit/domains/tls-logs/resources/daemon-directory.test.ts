import { execFileSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { daemonDirectory } from '../../../../../src/domains/tls-logs/resources/daemon-directory.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';

const fresh = scratch();
const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
// Whoever runs the tests is the daemon.
const command = { user_command: 'id -un' };

describe.each(shells.map((shell) => ({ shell })))(
  'daemon_directory on a host whose sh is $shell',
  ({ shell }) => {
    it('makes the directory, and fixes its mode', async () => {
      const machine = new ShellHost(shell);
      for (const word of hostileWords.slice(0, 4)) {
        const wish = { path: join(fresh(), word, word), group, mode: '0750', ...command };
        const { changes, outputs } = await machine.apply(daemonDirectory, wish);
        expect(changes).toEqual([
          { attribute: 'state', from: 'absent', to: 'directory' },
          { attribute: 'owner', to: user },
          { attribute: 'group', to: group },
          { attribute: 'mode', to: '0750' },
        ]);
        expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
        expect(statSync(wish.path).mode & 0o777).toBe(0o750);
        expect((await machine.plan(daemonDirectory, wish)).changes).toEqual([]);
        const wider = await machine.apply(daemonDirectory, { ...wish, mode: '0755' });
        expect(wider.changes).toEqual([{ attribute: 'mode', from: '0750', to: '0755' }]);
        expect(statSync(wish.path).mode & 0o777).toBe(0o755);
      }
    });
  },
);

describe('daemon_directory', () => {
  it('leaves group and mode alone when nothing is said about them', async () => {
    const path = fresh();
    chmodSync(path, 0o711);
    expect((await new ShellHost().plan(daemonDirectory, { path, ...command })).changes).toEqual([]);
  });
});

describe('daemon_directory refuses', () => {
  it('what is in the way, and a user that is not there', async () => {
    const path = join(fresh(), 'x');
    writeFileSync(path, '');
    const { refused } = await new ShellHost().plan(daemonDirectory, {
      path,
      user_command: 'echo no-such-user',
    });
    expect(refused).toEqual([
      "the host has no user 'no-such-user', which user_command printed",
      `${path} is a file, not a directory; move it away or choose another path`,
    ]);
  });
});
