// again-runs.ts WORK HOSTS RUNS [ansible]: re-runs on hosts that provision has set up, every tool in turn, on the control
// machine of a lab. Ansible must find nothing to change there: both tools want the same state of the hosts.
import { join } from 'node:path';
import { ansible, changedBy, hangUp } from './ansible.ts';
import { inTurn, mustBeConverged } from './converged.ts';
import { costOf, provision } from './provision.ts';
import { rows } from './sample.ts';
import { keep } from './samples-file.ts';
import { type Timed, timed } from './timed.ts';

const [work = '', hostCount = '3', runCount = '5', beside] = process.argv.slice(2);
const hosts = Number(hostCount);
const addresses = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);
const floor = [join(import.meta.dirname, 'floor.js'), join(process.env.HOME ?? '', '../id'), ...addresses];

/** Ansible that has no connections yet, as after a minute's pause. */
function coldAnsible(playbook: 'home-lab.yml' | 'plain.yml'): Timed {
  hangUp(work);
  return ansible(work, playbook);
}

const own: Readonly<Record<string, () => Timed>> = {
  [rows.again]: () => provision(work, 'apply', 'without-proof.yml'),
  [rows.proven]: () => provision(work, 'apply', 'home-lab.yml'),
  [rows.planned]: () => provision(work, 'plan', 'home-lab.yml'),
  [rows.plainAgain]: () => provision(work, 'apply', 'plain.yml'),
};
const others: Readonly<Record<string, () => Timed>> = {
  [rows.ansibleAgain]: () => coldAnsible('home-lab.yml'),
  [rows.ansibleOpen]: () => ansible(work, 'home-lab.yml'),
  [rows.ansiblePlainAgain]: () => coldAnsible('plain.yml'),
};

const commands = {
  [rows.floor]: () => timed(process.execPath, floor),
  ...own,
  ...(beside === 'ansible' ? others : {}),
};
for (const [what, done] of Object.entries(inTurn(Number(runCount), commands, () => hangUp(work)))) {
  if (what in own) {
    const cost = costOf(done);
    mustBeConverged(what, cost.changed);
    keep(work, hosts, what, done, cost);
  } else {
    if (what in others) for (const run of done) mustBeConverged(what, changedBy(run));
    keep(work, hosts, what, done);
  }
}
