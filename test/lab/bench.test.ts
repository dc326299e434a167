// What `npm run bench` stands on, so that it does not break unseen: what it compares with, and what it counts with.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { mustRun, runCommand } from '../helpers/lab/process.ts';
import { taskResults } from '../helpers/lab/run-events.ts';

const bench = join(import.meta.dirname, '../bench');
const hosts = ['h1', 'h2', 'h3'];

let lab: Lab;
let project: HomeLabProject;

beforeAll(async () => {
  lab = await Lab.up(3, 'bookworm', 'bench');
  project = await HomeLabProject.open(lab);
});
afterAll(async () => {
  await lab?.down();
  await project?.close();
});

// Ansible runs here, on the hosts' file systems as they are seen from outside: hosts with python3 would be another image.
test("Ansible's home-lab.yml wants the files that provision has made, all of them", async () => {
  const apply = await project.events('apply');
  expect(apply).toExitWith(0);
  const made = taskResults(apply)
    .filter(({ status, result }) => status === 'changed' && (result?.dest ?? result?.path) !== undefined)
    .map(({ host, result }) => `${host} ${result?.dest ?? result?.path}`);
  await mustRun(join(bench, 'collect-certificates'), [project.folder, ...hosts], {
    env: { LAB_NS: lab.name, LAB_RUN: '' },
  });
  const roots = { root: `${lab.folder}/hosts/{{ inventory_hostname }}/root`, work: project.folder };
  const where = ['-i', join(project.folder, 'inventory.yml'), '--connection', 'local'];
  const what = ['-v', '--check', '--diff', '--tags', 'files', '-e', JSON.stringify(roots)];
  const run = await runCommand('ansible-playbook', [...where, ...what, join(bench, 'ansible/home-lab.yml')], {
    env: { ANSIBLE_CONFIG: join(bench, 'ansible/ansible.cfg'), ANSIBLE_HOME: project.folder },
  });
  expect(run).toExitWith(0);
  const recap = [...run.stdout.matchAll(/^(h\d) .* ok=(\d+) +changed=(\d+)/gm)];
  expect(
    recap.map(([, host, , changed]) => `${host} ${changed}`),
    run.stdout,
  ).toEqual(hosts.map((host) => `${host} 0`));
  for (const [, , ok] of recap) expect(Number(ok)).toBeGreaterThan(5);
  const wanted = [...run.stdout.matchAll(/^ok: \[(h\d)\].* => .*"(?:dest|path)": "[^"]*?\/root(\/[^"]+)"/gm)];
  const covered = wanted.map(([, host, path]) => `${host} ${path}/`);
  // its record for the next rotation is laid beside Ansible's work
  const alone = made.filter(
    (one) => !one.includes(' /etc/ansible/') && !covered.some((path) => path.startsWith(`${one}/`)),
  );
  expect(made.length).toBeGreaterThan(10);
  expect(alone, run.stdout).toEqual([]);
});

/** What one command over ssh makes h1 and h2 start, as count-programs prints it. */
async function counted(command: string): Promise<string> {
  const login = ['ssh', '-F', lab.sshConfig, 'h2', `sh -c '${command}' >/dev/null 2>&1`];
  return mustRun(join(bench, 'count-programs'), [lab.name, 'h1,h2', '--', ...login]);
}

test('programs and forks are counted exactly, each for the host that started them', async () => {
  const totals = (text: string) => /^h2: (\d+) programs, (\d+) forks$/m.exec(text)?.slice(1).map(Number);
  const [before = Number.NaN, forked = Number.NaN] = totals(await counted(':')) ?? [];
  const text = await counted('setsid true & wait; ls / | cat; (:); /nowhere; nice ls /; :');
  expect(text).toMatch(/^h1: 0 programs, 0 forks$/m);
  for (const program of ['2 ls', '1 cat', '1 nice', '1 setsid', '1 true']) expect(text).toContain(program);
  expect(text).not.toContain('nowhere');
  expect(totals(text)).toEqual([before + 6, forked + 6]);
});
