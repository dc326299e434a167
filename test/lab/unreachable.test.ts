import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FaultLab, flat } from '../helpers/lab/fault-lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';

describe('a host that cannot be reached is reported, and the others go on', () => {
  let faults: FaultLab;

  beforeAll(async () => {
    faults = await FaultLab.open('unreachable');
  });
  beforeEach(() => faults.reset());
  afterAll(() => faults?.close());

  describe('a host cannot be reached', () => {
    afterAll(() => faults.lab.fault('h1', 'latency', 0));

    test('it is off', async () => {
      await faults.lab.power('h1', 'off');
      const run = await faults.folder.apply('mark.yml', '--connect-timeout', '3');
      await faults.lab.power('h1', 'on');
      await faults.expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: the connection was refused next nothing listens there/,
      );
    });

    test('its cable is pulled', async () => {
      await faults.lab.fault('h1', 'cut');
      const run = await faults.folder.apply('mark.yml', '--connect-timeout', '2');
      await faults.lab.fault('h1', 'uncut');
      await faults.expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: no answer within 2 s next see that the host is up/,
      );
    });

    test('it hangs', async () => {
      await faults.lab.fault('h1', 'freeze');
      const run = await faults.folder.apply('mark.yml', '--connect-timeout', '2');
      await faults.lab.fault('h1', 'thaw');
      await faults.expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: something listens, but does not greet as an SSH server/,
      );
    });

    test('it does not take the key', async () => {
      await faults.lab.sh('h1', 'mv /root/.ssh/authorized_keys /root/.ssh/away');
      const run = await faults.folder.apply('mark.yml');
      await faults.lab.sh('h1', 'mv /root/.ssh/away /root/.ssh/authorized_keys');
      await faults.expectOnlyH1Lost(
        run,
        4,
        `'root' at`,
        `refused every key: tried ${faults.lab.identity} (ssh-ed25519 SHA256:`,
        'bring a key over with `ssh-copy-id h1`, name the right one with `IdentityFile`, or check the user',
      );
    });

    test('the connection is lost in the middle: the next run goes on from there', async () => {
      const running = faults.folder.start('slow.yml');
      await faults.waitFor('h1', '/root/begun');
      await faults.lab.fault('h1', 'sessions');
      await faults.letGo(...faults.hosts);
      const run = await running.result;
      expect(run).toExitWith(4);
      expect(flat(run)).toMatch(
        /Unreachable: h1 what the connection was lost in mid-command.* next .*run again/,
      );
      for (const host of ['h2', 'h3']) expect(await faults.lab.sh(host, 'cat /root/after')).toBe('after\n');
      expect(await faults.lab.exec('h1', 'ls /root/after')).not.toExitWith(0);
      await faults.expectTidy();
      await faults.waitFor('h1', '/root/ended'); // until then its steps are still at work
      const again = await faults.folder.apply('slow.yml');
      expect(again).toExitWith(0);
      expect(await faults.lab.sh('h1', 'cat /root/after')).toBe('after\n');
      expect(flat(again)).toMatch(/h1 ok=2 changed=1 /);
      expect(flat(again)).toMatch(/h2 ok=3 changed=0 /);
    });

    test('the connection is lost while a file is on its way: there is no half of it', async () => {
      await faults.lab.fault('h1', 'latency', 100);
      const received = `sed -n 's/^ *eth0: *\\([0-9]*\\).*/\\1/p' /proc/net/dev`;
      const before = Number(await faults.lab.sh('h1', received));
      const running = faults.folder.start('big.yml', '-l', 'h1');
      await faults.endSessionsWhen('h1', `[ "$(${received})" -gt ${before + 2_000_000} ]`);
      const run = await running.result;
      expect(run).toExitWith(4);
      expect((await faults.lab.exec('h1', 'ls /root/big /root/after')).stdout).toBe('');
      await faults.expectTidy();
      await faults.lab.fault('h1', 'latency', 0);
      expect(await faults.folder.apply('big.yml', '-l', 'h1')).toExitWith(0);
    });
  });

  describe('a host must not be reached', () => {
    /** Lets the lab's known_hosts be another one for the time of a run. */
    async function withKnownHosts(change: (text: string) => string, run: () => Promise<CommandResult>) {
      const kept = await readFile(faults.lab.knownHosts, 'utf8');
      await writeFile(faults.lab.knownHosts, change(kept));
      try {
        return await run();
      } finally {
        await writeFile(faults.lab.knownHosts, kept);
      }
    }

    test.each([
      [
        'its key has changed',
        swapped,
        /is not the one at \S+known_hosts:1: it shows ssh-ed25519 SHA256:\S+, on file is SHA256:/,
        'ssh-keygen -f',
      ],
      [
        'its key is not known',
        dropped,
        /the host key of [\d.]+ is not known: ssh-ed25519 SHA256:/,
        'ssh-keyscan -t ed25519',
      ],
    ] as const)(
      '%s: the run ends before anything is done anywhere',
      async (_what, change, reason, advice) => {
        const run = await withKnownHosts(change, () => faults.folder.apply('mark.yml'));
        expect(run).toExitWith(4);
        expect(flat(run)).toMatch(reason);
        expect(flat(run)).toContain(advice);
        const shown = await faults.lab.sh('h1', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
        expect(flat(run)).toContain(shown.split(' ')[1]);
        expect(await faults.marked()).toEqual([]);
        expect(await faults.folder.apply('mark.yml')).toExitWith(0);
      },
    );
  });
});

// Another key for h1 than the one it shows: that of h2.
function swapped(text: string): string {
  const [h1 = '', h2 = '', ...others] = text.split('\n');
  return [`${h1.split(' ')[0]} ${h2.split(' ').slice(1).join(' ')}`, h2, ...others].join('\n');
}

function dropped(text: string): string {
  return text.split('\n').slice(1).join('\n');
}
