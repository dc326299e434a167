// first-runs.ts provision|ansible|check WORK HOSTS: a tool's first runs on fresh hosts, once each, on the control machine of a
// lab. `check` follows Ansible: provision must find nothing to change, for both tools want the same state of the hosts.
import { ansible, hangUp } from './ansible.ts';
import { clientPrograms } from './client-programs.ts';
import { clientTrips, provision, provisionAgain } from './provision.ts';
import { counts, rows } from './sample.ts';
import { keep } from './samples-file.ts';

const [tool = '', work = '', hostCount = '3'] = process.argv.slice(2);
const hosts = Number(hostCount);

const tools: Readonly<Record<string, () => void>> = {
  provision() {
    // counted as it is timed: the count costs a microsecond a program
    const { done, programs } = clientPrograms(work, counts.first, () => provision(work, 'home-lab.yml'));
    keep(work, hosts, rows.first, [done.time]);
    keep(work, hosts, counts.firstTrips, [clientTrips(done)]);
    keep(work, hosts, counts.first, [programs]);
    keep(work, hosts, rows.plainFirst, [provision(work, 'plain.yml').time]);
  },
  ansible() {
    const apply = ansible(work, 'home-lab.yml', '--skip-tags', 'proof');
    hangUp(work);
    const plain = ansible(work, 'plain.yml');
    hangUp(work);
    keep(work, hosts, rows.ansibleFirst, [apply.time]);
    keep(work, hosts, rows.ansiblePlainFirst, [plain.time]);
  },
  check() {
    for (const playbook of ['home-lab.yml', 'plain.yml']) provisionAgain(work, playbook);
  },
};
tools[tool]?.();
