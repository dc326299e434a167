// fleet-kills.ts [SEED [RUNS [SECONDS]]]: in each of so many runs of a fleet two workers are killed, one of each site, at random
// moments. Then, unless SECONDS is 0, a run whose coordinator is killed, and one without its database for so many seconds. Each must end as an undisturbed
// one does, and no host may be worked on by two at once. Prints a line for each; fails at the first that does not hold.
import { strict as assert } from 'node:assert';
import { FleetLab, type FleetWorker } from '../helpers/lab/fleet-lab.ts';
import { readEvents, recapOf } from '../helpers/lab/run-events.ts';

const [seed = 14, runs = 10, seconds = 60] = process.argv.slice(2).map(Number);
const hosts = ['h4', 'h5', 'h6', 'h7'];

// Some twelve seconds of steps, each of which notices another one beside it; one that is cut off leaves nothing behind.
const step = `
        shell: |
          exec 9>/run/kills-busy; flock -n 9 || touch /root/kills-twice
          echo {{ round }} >>/root/kills-done
          sleep 1
        notify: handle`;
const play = (name: string) => `
  - name: ${name}
    hosts: all
    tasks:
      - name: Change of ${name}
        copy: { dest: /etc/kills-${name}, content: "{{ round }}\\n", mode: '0644' }
        notify: handle
      - name: Step of ${name}${step}
      - name: Other step of ${name}${step}
      - name: Last step of ${name}${step}
    handlers:
      - name: handle
        shell: echo {{ round }} >>/root/kills-${name}`;
const names = ['one', 'two', 'three'];

let state = seed;
/** A number from 0 to 1; the same ones for each seed. */
function random(): number {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state / 2147483648;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const fleet = await FleetLab.open('kills');
try {
  await fleet.folder.write('kills.yml', `plays:${names.map(play).join('')}\n`);
  const workers = new Map<FleetWorker, 'vienna' | 'graz'>();
  const more = async (site: 'vienna' | 'graz') => workers.set(await fleet.worker(site), site);
  for (const site of ['vienna', 'graz', 'vienna', 'graz'] as const) await more(site);
  for (let round = 1; round <= runs; round++) {
    const moments = [random() * 15, random() * 15];
    const run = start(round);
    const killed = (['vienna', 'graz'] as const).map(async (site, at) => {
      await wait((moments[at] ?? 0) * 1000);
      const having = await fleet.ask(
        `select worker from provision_fleet.shards where site = '${site}' and state = 'running'`,
      );
      const own = [...workers].filter(([, where]) => where === site).map(([worker]) => worker);
      const one = own.find(({ running }) => having.endsWith(`:${running.child.pid}`)) ?? own[0];
      if (!one) throw new Error(`no worker is at ${site}`);
      fleet.kill(one);
      workers.delete(one);
      await more(site);
      return having === '' ? 'an idle one' : 'the one that had it';
    });
    const began = performance.now();
    const [ended, ...what] = await Promise.all([run.result, ...killed]);
    await expectWhole(round, readEvents(ended));
    console.log(
      `${round}: killed after ${moments.map((one) => one.toFixed(1)).join(' and ')} s (${what.join(', ')}): whole after ${Math.round((performance.now() - began) / 1000)} s`,
    );
  }
  if (seconds > 0) {
    const gone = start(runs + 1);
    await wait(random() * 8000 + 2000);
    gone.child.kill('SIGKILL');
    await gone.result;
    await expectWhole(runs + 1, readEvents(await fleet.provision(['attach', '--json'])));
    console.log(`${runs + 1}: coordinator killed: whole`);
    const away = start(runs + 2);
    await wait(4000);
    await fleet.database('stop');
    await wait(seconds * 1000);
    await fleet.database('start');
    await expectWhole(runs + 2, readEvents(await away.result));
    console.log(`${runs + 2}: database away for ${seconds} s: whole`);
  }
} finally {
  await fleet.close();
}

function start(round: number) {
  return fleet.start(fleet.folder.args('kills.yml', '--fleet', '--json', '-e', `round=${round}`));
}

async function expectWhole(round: number, run: ReturnType<typeof readEvents>): Promise<void> {
  assert.equal(run.code, 0, run.stdout + run.stderr);
  for (const [host, { failed, unreachable }] of Object.entries(recapOf(run)))
    assert.deepEqual([host, failed, unreachable], [host, 0, false]);
  for (const host of hosts) {
    const look = `cat ${names.map((name) => `/etc/kills-${name}`).join(' ')}; for n in ${names.join(' ')}; do grep -c -x ${round} /root/kills-$n; done; grep -c -x ${round} /root/kills-done; ls /root/kills-twice 2>/dev/null || :`;
    const lines = (await fleet.lab.sh(host, look)).trim().split('\n');
    assert.deepEqual(
      lines.slice(0, 3),
      names.map(() => String(round)),
      host,
    );
    // A handler runs at least once; so does each step.
    for (const line of lines.slice(3, 6)) assert.ok(Number(line) >= 1, `${host}: ${lines}`);
    assert.ok(Number(lines[6]) >= 9, `${host}: ${lines}`);
    assert.equal(lines.length, 7, `${host}: worked on by two at once`);
  }
}
