import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FleetLab, type FleetWorker } from '../helpers/lab/fleet-lab.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import type { CommandResult, RunningCommand } from '../helpers/lab/process.ts';
import { type EventRun, readEvents, recapOf, taskResults } from '../helpers/lab/run-events.ts';

const hosts = ['h4', 'h5', 'h6', 'h7'];
const secret = 'pea-Soup-4711';

// Everything that a run can end in, on some host: changed, ok, skipped, ignored, rescued, failed, a handler, another host's values.
const site = `plays:
  - name: First
    hosts: all
    vars: { round: '0' }
    tasks:
      - name: Write a file
        copy: { dest: /etc/fleet-round, content: "{{ round }}, of {{ inventory_hostname }}\\n", mode: '0644' }
        notify: say so
      - name: Put a file of the folder there
        copy: { src: motd, dest: /etc/fleet-motd, mode: '0644' }
      - name: Keep a secret
        copy: { dest: /root/fleet-secret, content: "{{ password }}", mode: '0600' }
        no_log: true
      - name: Ask
        command: cat /etc/fleet-round
        changed_when: false
        register: asked
      - name: Not everywhere
        command: rm /nowhere/at/all
        when: inventory_hostname == 'h4'
        ignore_errors: true
      - name: Keep what was heard
        set_fact: { heard: "{{ asked.stdout | upper }}" }
    handlers:
      - name: say so
        shell: echo "{{ round }}" >>/root/fleet-handled
  - name: Second
    hosts: graz
    tasks:
      - name: Write what vienna knows
        copy:
          dest: /etc/fleet-seen
          content: "{{ hostvars['h4'].heard }} {{ hostvars['h5'].ansible_hostname }} {{ heard }}\\n"
          mode: '0644'
      - name: Fail on one
        fail: { msg: "enough on {{ inventory_hostname }}" }
        when: inventory_hostname == 'h7' and fails | default(false)
  - name: Third
    hosts: all
    tasks:
      - name: Be done
        copy: { dest: /etc/fleet-done, content: "{{ round }}\\n", mode: '0644' }
    vars: { round: '0' }
`;

// Its first task waits for a person; it notices when two do it at once.
const slow = `plays:
  - name: Slow
    hosts: all
    tasks:
      - name: Change
        copy: { dest: /etc/fleet-slow, content: "{{ round }}\\n", mode: '0644' }
        notify: restart
      - name: Wait
        shell: |
          mkdir /run/fleet-busy || { touch /root/fleet-twice; exit 1; }
          touch /run/fleet-begun
          for i in $(seq 1200); do [ ! -e /run/fleet-go ] || break; sleep 0.1; done
          rmdir /run/fleet-busy
      - name: Go on
        copy: { dest: /etc/fleet-went-on, content: "{{ round }}\\n", mode: '0644' }
    handlers:
      - name: restart
        shell: echo "{{ round }}" >>/root/fleet-restarted
  - name: Afterwards
    hosts: all
    tasks:
      - name: End
        copy: { dest: /etc/fleet-ended, content: "{{ round }}\\n", mode: '0644' }
`;

// What a template of graz reads of hosts that --limit leaves out.
const limited = `plays:
  - hosts: vienna
    tasks:
      - { name: Ask, command: cat /etc/hostname, register: asked, changed_when: false, check_mode: false }
  - hosts: graz
    tasks:
      - name: Write what vienna knows
        copy:
          dest: /etc/fleet-seen
          content: "{{ hostvars['h4'].asked.stdout }} {{ hostvars['h5'].ansible_hostname }}\\n"
          mode: '0644'
`;

// Tests of the runner that only look at its events and at hosts: a dozen files of some thirty that pass (docs/fleet.md).
const suite = [
  ...[
    'any-errors-fatal',
    'check-mode',
    'converging',
    'failed-task',
    'failures',
    'handlers',
    'included-tasks',
  ],
  ...['loops', 'no-hosts', 'role-checks', 'several-hosts', 'warnings'],
].map((name) => join(import.meta.dirname, `../unit/runner/${name}.test.ts`));

// Seconds after which the worker of home-lab.yml is killed, counted from its start: any in which the run cannot be over will do.
const seed = Number(process.env.FLEET_SEED ?? 14);
const killedAfter = 0.5 + ((seed * 7919) % 97) / 40;

const homeLab = `all:
  vars: { log_server_name: ${serverName} }
  children:
    log_server: { hosts: { h1: { log_certificate_source: host, provision_site: vienna } } }
    log_clients: { hosts: { h2: { provision_site: vienna }, h3: { provision_site: graz } } }
`;

/** What a run did, without what differs between any two runs. */
function story(run: EventRun): object {
  const plays = run.events.flatMap((event) =>
    event.type === 'play-start' ? [`${event.play} ${event.name}: ${event.hosts.join(' ')}`] : [],
  );
  const tasks = run.events.flatMap((event) =>
    event.type === 'task-start' ? [`${event.play} ${event.task} ${event.name}: ${event.hosts}`] : [],
  );
  const results = taskResults(run).map(({ duration, changes, output, result, ...rest }) => ({
    ...rest,
    changes: changes.map(({ attribute }) => attribute),
  }));
  const failures = run.events.flatMap((event) => (event.type === 'host-failed' ? [event] : []));
  const recap = Object.entries(recapOf(run)).map(([host, { duration, connections, execs, ...counts }]) => [
    host,
    counts,
  ]);
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  return {
    code: run.code,
    plays,
    tasks: tasks.sort(),
    results: sorted(results),
    failures: sorted(failures),
    recap,
  };
}

describe('a fleet of two sites', () => {
  let fleet: FleetLab;
  let project: HomeLabProject;
  let tested: RunningCommand;
  const workers: FleetWorker[] = [];

  beforeAll(async () => {
    fleet = await FleetLab.open('fleet');
    await fleet.folder.write('site.yml', site);
    await fleet.folder.write('slow.yml', slow);
    await fleet.folder.write('motd', `${secret}-in-a-file\n`);
    await fleet.folder.write('id', await readFile(fleet.lab.identity));
    await fleet.folder.write('limited.yml', limited);
    workers.push(await fleet.worker('vienna'), await fleet.worker('graz'));
    const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...suite];
    tested = fleet.lab.start(vitest, { env: { PROVISION_TEST_FLEET: await fleet.another('suite') } });
    project = await HomeLabProject.open(fleet.lab);
    await project.write('inventory.yml', homeLab);
    await mkdir(`${fleet.lab.folder}/home/.config/provision`, { recursive: true });
    await copyFile(
      `${fleet.folder.path}/fleet.json`,
      `${fleet.lab.folder}/home/.config/provision/fleet.json`,
    );
  });
  afterAll(async () => {
    await fleet?.close();
    await project?.close();
  });

  const told = ({ stdout, stderr }: CommandResult) => `${stdout}${stderr}`;
  const everywhere = (script: string) => Promise.all(hosts.map((host) => fleet.lab.sh(host, script)));
  const begun = (on: readonly string[]) =>
    Promise.all(
      on.map((host) =>
        fleet.lab.sh(
          host,
          'for i in $(seq 600); do [ ! -e /run/fleet-begun ] || exit 0; sleep 0.1; done; exit 1',
        ),
      ),
    );
  const ready = () => everywhere('rm -rf /run/fleet-* /root/fleet-restarted /root/fleet-twice /etc/fleet-*');
  const letGo = (on = hosts) => Promise.all(on.map((host) => fleet.lab.sh(host, 'touch /run/fleet-go')));
  const expectWhole = async (round: string) => {
    const seen = await everywhere(
      'cat /etc/fleet-slow /etc/fleet-went-on /etc/fleet-ended; sort -u /root/fleet-restarted; ls /root/fleet-twice 2>/dev/null || :',
    );
    expect(seen).toEqual(hosts.map(() => `${round}\n`.repeat(4)));
  };

  test('a run gives the same events, recap and exit code as without it', async () => {
    const password = `password=${secret}`;
    const local = readEvents(
      await fleet.apply('site.yml', '--json', '-e', password, '-e', 'round=1', '-e', 'fails=true'),
    );
    await everywhere('cp /etc/fleet-seen /tmp/seen 2>/dev/null; rm -f /etc/fleet-* /root/fleet-*');
    const shared = readEvents(
      await fleet.apply('site.yml', '--json', '--fleet', '-e', password, '-e', 'round=1', '-e', 'fails=true'),
    );
    expect(story(shared), told(shared)).toEqual(story(local));
    expect(shared).toExitWith(2);
    expect(await fleet.lab.sh('h6', 'cat /etc/fleet-seen')).toBe('1, OF H4 h5 1, OF H6\n');
    expect(told(shared)).not.toContain(secret);
    const again = await fleet.apply('site.yml', '--fleet', '-e', password, '-e', 'round=1');
    expect(again).toExitWith(0);
    expect(told(again)).toMatch(/\b1 changed on 1 of 4 hosts/);
    for (const more of [[], ['--fleet']]) {
      await fleet.lab.sh('h6', 'rm -f /etc/fleet-seen');
      const part = await fleet.apply('limited.yml', '-l', 'h6', ...more);
      expect(part).toExitWith(0);
      expect(await fleet.lab.sh('h6', 'cat /etc/fleet-seen')).toBe('h4 h5\n');
    }
    const plan = await fleet.apply('site.yml', '--fleet', '--check', '-e', password, '-e', 'round=2');
    expect(told(plan)).toMatch(/to change/);
    expect(await fleet.lab.sh('h4', 'cat /etc/fleet-round')).toBe('1, of h4\n');
  });

  test('the database holds no secret, no file and no key that can be read', async () => {
    const dump = await fleet.dump();
    expect(dump.includes('site.yml')).toBe(true);
    const access = await readFile(`${fleet.folder.path}/fleet.json`, 'utf8');
    const [key = ''] = /AGE-SECRET-KEY-1\w+/.exec(access) ?? [];
    expect(key).not.toBe('');
    const identity = await readFile(fleet.lab.identity, 'utf8');
    const forms = [
      secret,
      'fleet-round',
      'Write a file',
      key,
      ...identity.split('\n').filter((line) => line.length > 40),
    ];
    for (const text of forms) {
      const bytes = Buffer.from(text);
      for (const form of [
        text,
        bytes.toString('hex'),
        bytes.toString('base64').replace(/=+$/, '').slice(0, -2),
      ])
        expect(dump.includes(form), form).toBe(false);
    }
    const refused = await fleet.apply('slow.yml', '--fleet', '-e', 'round=0', '--ssh-config', '/dev/null');
    expect(told(refused)).toContain('--ssh-config cannot be used with --fleet');
  });

  test('whoever can only write to the database hands nothing over', async () => {
    await ready();
    const altered = fleet.start(fleet.folder.args('slow.yml', '--fleet', '--json', '-e', 'round=9'));
    await begun(hosts);
    await fleet.ask(
      `update provision_fleet.runs set key = set_byte(key, 40, get_byte(key, 40) # 1) where stop is null`,
    );
    const attached = await fleet.provision(['attach']);
    expect(attached).toExitWith(1);
    expect(told(attached)).toMatch(/was not written by this fleet, or has been altered/);
    await letGo();
    expect(await altered.result).toExitWith(0);
  });

  test('who hands over can go; the run does not, and can be seen again, and be stopped', async () => {
    await ready();
    const first = fleet.start(fleet.folder.args('slow.yml', '--fleet', '-e', 'round=2'));
    await begun(hosts);
    first.child.kill('SIGHUP');
    const left = await first.result;
    expect(left).toExitWith(130);
    const [, number = ''] = /provision attach (\d+)/.exec(told(left)) ?? [];
    expect((await fleet.provision(['runs', '--fleet', '--last', '1'])).stdout).toMatch(
      new RegExp(`^${number}  .*  running  4 hosts in 2 parts`),
    );
    const watching = fleet.start(['attach', number, '--json']);
    await letGo();
    const seen = readEvents(await watching.result);
    expect(seen).toExitWith(0);
    expect(taskResults(seen).filter(({ name }) => name === 'End')).toHaveLength(4);
    await expectWhole('2');
    const kept = JSON.parse((await fleet.provision(['show', '--fleet', number, '--json'])).stdout);
    expect([kept.id, kept.exitCode, kept.hosts]).toEqual([Number(number), 0, expect.anything()]);
    expect((await fleet.provision(['show', '--fleet', number])).stdout).toMatch(/slow\.yml/);
  });

  test.each(['detach', 'stop'])(
    'Ctrl-C on a terminal asks, and does what is answered: %s',
    async (answer) => {
      await ready();
      const go = join(fleet.folder.path, `go-${answer}`);
      const words = fleet.folder.args('slow.yml', '--fleet', '-e', 'round=3');
      const running = await fleet.interrupted(words, go, answer);
      await begun(hosts);
      await fleet.folder.write(`go-${answer}`, '');
      if (answer === 'stop') {
        await running.said('finish the steps in flight').catch(() => undefined);
        await letGo();
      }
      const { code, stdout } = await running.result;
      expect(code, stdout).toBe(130);
      const [, number = ''] = /handed over to the fleet as run (\d+)/.exec(stdout) ?? [];
      expect(stdout).toContain('the workers go on meanwhile');
      if (answer === 'detach') {
        expect(stdout).toContain(`to see it again: provision attach ${number}`);
        expect((await fleet.provision(['runs', '--fleet', '--last', '1'])).stdout).toContain('  running  ');
        const stop = await fleet.provision(['stop', number]);
        expect(told(stop)).toContain('finish the steps in flight');
        await letGo();
        expect(await fleet.provision(['attach', number])).toExitWith(130);
      }
      expect(await everywhere('ls /etc/fleet-went-on 2>/dev/null || :')).toEqual(hosts.map(() => ''));
    },
  );

  test('hosts that act together at two sites, and a site without a worker, are refused in words', async () => {
    await fleet.folder.write(
      'once.yml',
      'plays: [{ name: Once, hosts: all, tasks: [{ name: Only here, command: "true", run_once: true }] }]',
    );
    const torn = await fleet.apply('once.yml', '--fleet');
    expect(torn).toExitWith(1);
    expect(told(torn).replace(/\s+/g, ' ')).toContain(
      "h4 and h6 act together in play 'Once' (`run_once` of 'Only here'), and their sites graz and vienna have no worker in common",
    );
    const nowhere = await fleet.apply(
      'site.yml',
      '--fleet',
      '-e',
      'provision_site=linz',
      '-e',
      'password=x1234',
    );
    expect(told(nowhere).replace(/\s+/g, ' ')).toContain('no worker is there for site linz');
  });

  test("the runner's own tests pass on a fleet", async () => {
    const { code, stdout, stderr } = await tested.result;
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`${suite.length} passed`));
  });

  test('a killed worker, a cut one, a killed coordinator and a database that goes away: the run is whole, and nothing is done twice', async () => {
    await ready();
    const [vienna, graz] = workers;
    if (!vienna || !graz) throw new Error('no workers');
    const others = [await fleet.worker('vienna'), await fleet.worker('graz')];
    const run = fleet.start(fleet.folder.args('slow.yml', '--fleet', '--json', '-e', 'round=4'));
    await begun(hosts);
    const number = await fleet.ask('select max(number) from provision_fleet.runs');
    const having = await fleet.ask(
      `select site, worker from provision_fleet.shards where state = 'running' order by 1`,
    );
    const owner = (one: FleetWorker) => having.includes(`:${one.running.child.pid}`);
    // Hosts that act together at two sites: only workers that reach both can have them.
    const both = [await fleet.worker('graz', 'vienna'), await fleet.worker('vienna', 'graz')];
    const logs = project.start('--fleet', '--json');
    const has = () =>
      fleet.ask(`select worker from provision_fleet.shards where site = 'graz+vienna' and state = 'running'`);
    const passes = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const killing = (async () => {
      while ((await has()) === '') await passes(0.1);
      await passes(killedAfter);
      const owns = await has();
      const one = both.find(({ running }) => owns.endsWith(`:${running.child.pid}`));
      if (one) fleet.kill(one);
      return one !== undefined;
    })();
    for (const [at, pair] of [
      [vienna, others[0]],
      [graz, others[1]],
    ].entries()) {
      const one = pair.find((worker) => worker && owner(worker));
      if (!one) throw new Error(`nobody has it: ${having}`);
      if (at === 0) fleet.kill(one);
      else await one.cut(true);
    }
    const killed = await killing;
    await fleet.database('stop');
    run.child.kill('SIGKILL');
    await run.result;
    await passes(5);
    await fleet.database('start');
    const attached = fleet.start(['attach', number, '--json']);
    await letGo();
    const ended = readEvents(await attached.result);
    expect(ended).toExitWith(0);
    await expectWhole('4');
    expect(Object.values(recapOf(ended)).map(({ failed, unreachable }) => [failed, unreachable])).toEqual(
      hosts.map(() => [0, false]),
    );
    const shown = readEvents(await logs.result);
    expect([shown.code, killed], `killed after ${killedAfter} s: ${told(shown)}`).toEqual([0, true]);
    const again = readEvents(await project.run('apply', '--fleet', '--json'));
    expect([again.code, taskResults(again).filter(({ status }) => status === 'changed')]).toEqual([0, []]);
    const scheduled = await project.run('schedule', '--run', '--fleet');
    expect([scheduled.code, scheduled.stdout]).toEqual([0, expect.stringContaining('nothing is due')]);
    expect(await project.delivers('h3', 'from the other site')).toBe(true);
    expect(await project.troubled()).toEqual([]);
  });
});
