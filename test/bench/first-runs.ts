// first-runs.ts provision|ansible WORK HOSTS: a tool's first runs on fresh hosts, once each, on the control machine of a lab.
import { ansible, hangUp } from './ansible.ts';
import { mustBeConverged } from './converged.ts';
import { costOf, provision } from './provision.ts';
import { rows } from './sample.ts';
import { keep } from './samples-file.ts';

const [tool, work = '', hostCount = '3'] = process.argv.slice(2);
const hosts = Number(hostCount);

function withProvision(): void {
  const plan = [provision(work, 'plan', 'home-lab.yml')];
  keep(work, hosts, rows.freshPlan, plan, costOf(plan));
  const apply = [provision(work, 'apply', 'home-lab.yml')];
  keep(work, hosts, rows.first, apply, costOf(apply));
  const plain = [provision(work, 'apply', 'plain.yml')];
  keep(work, hosts, rows.plainFirst, plain, costOf(plain));
}

/** Afterwards provision must find nothing to change: both tools want the same state of the hosts. */
function withAnsible(): void {
  const apply = ansible(work, 'home-lab.yml');
  hangUp(work);
  const plain = ansible(work, 'plain.yml');
  hangUp(work);
  keep(work, hosts, rows.ansibleFirst, [apply]);
  keep(work, hosts, rows.ansiblePlainFirst, [plain]);
  for (const playbook of ['without-proof.yml', 'plain.yml']) {
    const { changed } = costOf([provision(work, 'apply', playbook)]);
    mustBeConverged(`provision after Ansible, ${playbook}`, changed);
  }
}

if (tool === 'ansible') withAnsible();
else withProvision();
