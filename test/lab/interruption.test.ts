import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FaultLab, flat } from '../helpers/lab/fault-lab.ts';

describe('runs that meet, and runs that are stopped', () => {
  let faults: FaultLab;

  beforeAll(async () => {
    faults = await FaultLab.open('interruption');
  });
  beforeEach(() => faults.reset());
  afterAll(() => faults?.close());

  test('two runs at once on one host: the second names the first and goes on elsewhere', async () => {
    const first = faults.folder.start('slow.yml', '-l', 'h1');
    await faults.waitFor('h1', '/root/begun');
    const second = await faults.folder.apply('mark.yml');
    await faults.letGo('h1');
    const ended = await first.result;
    await faults.expectOnlyH1Lost(
      second,
      2,
      /another run has this host: root@\S+ \(provision apply slow\.yml, process \d+, since \S+Z\), last heard of \d+ s ago\. Wait until it has ended; .* To end it now: ssh h1 (sudo )?kill -KILL \d+/,
    );
    expect(flat(second)).toContain(`process ${first.child.pid}`);
    expect(ended).toExitWith(0);
    expect(await faults.folder.apply('mark.yml')).toExitWith(0); // nobody has it now
  });

  test('Ctrl-C: the steps in flight are finished, the next run does the rest', async () => {
    const running = faults.folder.start('slow.yml');
    await Promise.all(faults.hosts.map((host) => faults.waitFor(host, '/root/begun')));
    running.child.kill('SIGINT');
    await running.said('interrupted: finishing the steps in flight');
    await faults.letGo(...faults.hosts);
    const run = await running.result;
    expect(run).toExitWith(130);
    expect(flat(run)).toContain(
      'interrupted: nothing new was started; run the same command again to continue',
    );
    for (const host of faults.hosts) {
      expect(await faults.lab.sh(host, 'cat /root/before /root/ended; ls /root/after || true')).toBe(
        'before\nended\n',
      );
    }
    await faults.expectTidy();
    const again = await faults.folder.apply('slow.yml');
    expect(again).toExitWith(0);
    expect(flat(again)).toMatch(/ 3 changed on /);
  });

  test('Ctrl-C twice: it stops at once', async () => {
    const running = faults.folder.start('slow.yml');
    await faults.waitFor('h1', '/root/begun');
    running.child.kill('SIGINT');
    await running.said('interrupted: finishing');
    await new Promise((resolve) => setTimeout(resolve, 400)); // npm repeats a signal at once: that is not a second one
    const pressed = performance.now();
    running.child.kill('SIGINT');
    const run = await running.result;
    expect(performance.now() - pressed).toBeLessThan(4000);
    expect(run).toExitWith(130);
    expect(flat(run)).toContain('stopping at once; what was in flight may be half done');
    await faults.expectTidy();
  });

  test('the cable is cut while a host waits, and the run is killed: within a minute the host is free', async () => {
    const running = faults.folder.start('slow.yml', '-l', 'h1,h2');
    await faults.waitFor('h2', '/root/begun');
    await faults.letGo('h1');
    await faults.waitFor('h1', '/root/after');
    await faults.lab.fault('h1', 'cut');
    const cut = performance.now();
    running.child.kill('SIGKILL');
    await running.result;
    // What goes on on h2 keeps the run's lock there; the refusal names it, and the one command that ends it.
    const refused = await faults.folder.apply('mark.yml', '-l', 'h2');
    expect(refused).toExitWith(2);
    const [, steps, command] =
      /which was cut off; its steps are still running as process (\d+)\. .* end them now: (ssh h2 .*kill -KILL \d+)/.exec(
        flat(refused),
      ) ?? [];
    expect(command).toMatch(new RegExp(`kill -KILL ${steps}$`));
    await faults.lab.sh('h2', `kill -KILL ${steps}`);
    await faults.letGo('h2');
    expect(await faults.folder.apply('mark.yml', '-l', 'h2')).toExitWith(0);
    const held = 'ls /run/provision';
    expect(await faults.lab.sh('h1', held)).not.toBe('');
    await expect.poll(() => faults.lab.sh('h1', held), { timeout: 70_000, interval: 500 }).toBe('');
    expect(performance.now() - cut).toBeLessThan(65_000);
    await faults.lab.fault('h1', 'uncut');
    const again = await faults.folder.apply('mark.yml');
    expect(again).toExitWith(0);
  });
});
