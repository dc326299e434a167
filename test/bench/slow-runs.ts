// slow-runs.ts WORK HOSTS RUNS: re-runs of home-lab.yml over cables that delay, on the control machine of a lab.
import { inTurn } from './converged.ts';
import { floor } from './floor.ts';
import { provisionAgain } from './provision.ts';
import { rows } from './sample.ts';
import { keep } from './samples-file.ts';

const [work = '', hostCount = '3', runCount = '5'] = process.argv.slice(2);
const hosts = Number(hostCount);
provisionAgain(work, 'home-lab.yml'); // rsyslogd may have to connect again over the new cable
const done = inTurn(Number(runCount), {
  [rows.slowFloor]: () => floor(hosts),
  [rows.slowProven]: () => provisionAgain(work, 'home-lab.yml'),
});
for (const [what, times] of Object.entries(done)) keep(work, hosts, what, times);
