import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FleetLab, type FleetWorker } from '../helpers/lab/fleet-lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { type EventRun, readEvents, recapOf, taskResults } from '../helpers/lab/run-events.ts';

const hosts = ['h1', 'h2', 'h3', 'h4'];
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
        when: inventory_hostname == 'h1'
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
          content: "{{ hostvars['h1'].heard }} {{ hostvars['h2'].ansible_hostname }} {{ heard }}\\n"
          mode: '0644'
      - name: Fail on one
        fail: { msg: "enough on {{ inventory_hostname }}" }
        when: inventory_hostname == 'h4' and fails | default(false)
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
  const workers: FleetWorker[] = [];

  beforeAll(async () => {
    fleet = await FleetLab.open('fleet');
    await fleet.folder.write('site.yml', site);
    await fleet.folder.write('slow.yml', slow);
    await fleet.folder.write('motd', `${secret}-in-a-file\n`);
    await fleet.folder.write('id', await readFile(fleet.lab.identity));
    workers.push(await fleet.worker('vienna'), await fleet.worker('graz'));
  });
  afterAll(() => fleet?.close());

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
    expect(shared.code).toBe(2);
    expect(await fleet.lab.sh('h3', 'cat /etc/fleet-seen')).toBe('1, OF H1 h2 1, OF H3\n');
    expect(told(shared)).not.toContain(secret);
    const again = await fleet.apply('site.yml', '--fleet', '-e', password, '-e', 'round=1');
    expect(again.code, told(again)).toBe(0);
    expect(told(again)).toMatch(/\b1 changed on 1 of 4 hosts/);
    const plan = await fleet.apply('site.yml', '--fleet', '--check', '-e', password, '-e', 'round=2');
    expect(told(plan)).toMatch(/to change/);
    expect(await fleet.lab.sh('h1', 'cat /etc/fleet-round')).toBe('1, of h1\n');
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
    expect(attached.code).toBe(1);
    expect(told(attached)).toMatch(/was not written by this fleet, or has been altered/);
    await letGo();
    expect((await altered.result).code).toBe(0);
  });

  test('who hands over can go; the run does not, and can be seen again, and be stopped', async () => {
    await ready();
    const first = fleet.start(fleet.folder.args('slow.yml', '--fleet', '-e', 'round=2'));
    await begun(hosts);
    first.child.kill('SIGHUP');
    const left = await first.result;
    expect(left.code, told(left)).toBe(130);
    const [, number = ''] = /provision attach (\d+)/.exec(told(left)) ?? [];
    expect((await fleet.provision(['runs', '--fleet', '--last', '1'])).stdout).toMatch(
      new RegExp(`^${number}  .*  running  4 hosts in 2 parts`),
    );
    const watching = fleet.start(['attach', number, '--json']);
    await letGo();
    const seen = readEvents(await watching.result);
    expect(seen.code, told(seen)).toBe(0);
    expect(taskResults(seen).filter(({ name }) => name === 'End')).toHaveLength(4);
    await expectWhole('2');

    await everywhere('rm -rf /run/fleet-*');
    const second = fleet.start(fleet.folder.args('slow.yml', '--fleet', '-e', 'round=3'));
    await begun(hosts);
    const stop = await fleet.provision(['stop', String(Number(number) + 1)]);
    expect(told(stop)).toContain('finish the steps in flight');
    await letGo();
    const stopped = await second.result;
    expect(stopped.code, told(stopped)).toBe(130);
    expect(await everywhere('cat /etc/fleet-went-on')).toEqual(hosts.map(() => '2\n'));
  });

  test('hosts that act together at two sites, and a site without a worker, are refused in words', async () => {
    await fleet.folder.write(
      'once.yml',
      'plays: [{ name: Once, hosts: all, tasks: [{ name: Only here, command: "true", run_once: true }] }]',
    );
    const torn = await fleet.apply('once.yml', '--fleet');
    expect(torn.code).toBe(1);
    expect(told(torn).replace(/\s+/g, ' ')).toContain(
      "h1 and h3 act together in play 'Once' (`run_once` of 'Only here'), and their sites vienna and graz have no worker in common",
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

  test('a killed worker, a cut one and a database that goes away: the run is whole, and nothing is done twice', async () => {
    await ready();
    const [vienna, graz] = workers;
    if (!vienna || !graz) throw new Error('no workers');
    const others = [await fleet.worker('vienna'), await fleet.worker('graz')];
    const run = fleet.start(fleet.folder.args('slow.yml', '--fleet', '--json', '-e', 'round=4'));
    await begun(hosts);
    const having = await fleet.ask(
      `select site, worker from provision_fleet.shards where state = 'running' order by 1`,
    );
    const owner = (one: FleetWorker) => having.includes(`:${one.running.child.pid}`);
    for (const [at, pair] of [
      [vienna, others[0]],
      [graz, others[1]],
    ].entries()) {
      const one = pair.find((worker) => worker && owner(worker));
      if (!one) throw new Error(`nobody has it: ${having}`);
      if (at === 0) fleet.kill(one);
      else await one.cut(true);
    }
    await fleet.database('stop');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await fleet.database('start');
    await letGo();
    const ended = readEvents(await run.result);
    expect(ended.code, told(ended)).toBe(0);
    await expectWhole('4');
    expect(Object.values(recapOf(ended)).map(({ failed, unreachable }) => [failed, unreachable])).toEqual(
      hosts.map(() => [0, false]),
    );
  });
});
