// again-runs.ts WORK HOSTS RUNS [ansible] [pyinfra]: re-runs on hosts that provision has set up, every tool in turn, on the control
// machine of a lab. Each tool must find nothing to change there: all want the same state of the hosts.
import { ansibleAgain, hangUp } from './ansible.ts';
import { clientPrograms } from './client-programs.ts';
import { inTurn } from './converged.ts';
import { floor } from './floor.ts';
import { provisionAgain } from './provision.ts';
import { pyinfraAgain } from './pyinfra.ts';
import { counts, rows } from './sample.ts';
import { keep } from './samples-file.ts';
import type { Timed } from './timed.ts';

const [work = '', hostCount = '3', runCount = '5', ...beside] = process.argv.slice(2);
const hosts = Number(hostCount);

/** Ansible that has no connections yet, as after a minute's pause. */
function coldAnsible(playbook: 'home-lab.yml' | 'plain.yml'): Timed {
  hangUp(work);
  return ansibleAgain(work, playbook);
}

const tools: Readonly<Record<string, Readonly<Record<string, () => Timed>>>> = {
  ansible: {
    [rows.ansibleAgain]: () => coldAnsible('home-lab.yml'),
    [rows.ansibleOpen]: () => ansibleAgain(work, 'home-lab.yml'),
    [rows.ansiblePlainAgain]: () => coldAnsible('plain.yml'),
  },
  pyinfra: { [rows.pyinfraAgain]: () => pyinfraAgain(work, hosts) },
};

const proven = clientPrograms(work, counts.proven, () => provisionAgain(work, 'home-lab.yml'));
keep(work, hosts, counts.proven, [proven.programs]);
keep(work, hosts, counts.provenForks, [proven.forks]);
const plain = clientPrograms(work, counts.plain, () => provisionAgain(work, 'plain.yml'));
keep(work, hosts, counts.plain, [plain.programs]);

const commands = {
  [rows.floor]: () => floor(hosts),
  [rows.proven]: () => provisionAgain(work, 'home-lab.yml'),
  [rows.plainAgain]: () => provisionAgain(work, 'plain.yml'),
  ...Object.assign({}, ...beside.map((tool) => tools[tool])),
};
const done = inTurn(Number(runCount), commands, () => hangUp(work));
for (const [what, times] of Object.entries(done)) keep(work, hosts, what, times);
