import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';

const hold = readFileSync(join(import.meta.dirname, '../../roles/rsyslog_common/files/hold.sh'), 'utf8');
const release = `set --\n${hold}`;

const playbook = `
- hosts: all
  become: true
  vars: {log_server_name: logs.lab}
  tasks:
    - import_role: {name: rsyslog_common, tasks_from: install}
    - import_role: {name: rsyslog_client, tasks_from: journal}
`;

// What the role writes, as far as the hold is concerned; everything goes to the control machine's address, where nobody listens.
const configuration = '/etc/rsyslog.d/10-provision-tls-client.conf';
const client = `*.* action(type="omfwd" name="provision_forward"
  target="192.0.2.1" port="6514" protocol="tcp" queue.type="LinkedList" queue.filename="provision_forward"
  queue.saveOnShutdown="on" action.resumeRetryCount="-1")
`;

describe.each(['journal', 'socket'] as const)('holding a client that reads the %s', (input) => {
  let lab: Lab;
  let folder: PlaybookFolder;
  const run = (script: string, seconds = 100) => lab.exec('h1', `set -- ${seconds}\n${script}`);
  const look = `systemctl is-active rsyslog provision-unhold.timer; mountpoint -q ${configuration} && echo mounted`;
  const words = (lines: string) => lines.trim().split('\n').join(' ');
  const state = async () => words((await lab.exec('h1', look)).stdout);
  const free = 'active inactive';
  const held = input === 'journal' ? 'inactive active' : 'active active mounted';
  const until = (wanted: string) => expect.poll(state, { timeout: 20_000, interval: 200 }).toBe(wanted);

  beforeAll(async () => {
    lab = await Lab.up(1, input === 'journal' ? 'trixie' : 'bookworm', 'hold');
    folder = await PlaybookFolder.open(lab, ['h1']);
    await folder.write('input.yml', playbook);
    const run = await folder.apply('input.yml', '-e', `rsyslog_client_input=${input}`);
    expect(run).toExitWith(0);
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });
  beforeEach(async () => {
    await lab.sh('h1', `cat >${configuration}; systemctl reset-failed; systemctl restart rsyslog`, {
      input: client,
    });
    expect(await state()).toBe(free);
  });

  test('is held, and goes on when it is released', async () => {
    expect(await run(hold)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe(held);
    const target = await lab.sh('h1', `grep -o 'target="[^"]*".*port="[^"]*"' ${configuration}`);
    expect(target).toContain(input === 'journal' ? '192.0.2.1' : '127.0.0.1');
    await lab.sh('h1', 'logger held; sleep 0.3'); // does not wake it
    expect(await state()).toBe(held);
    expect(await run(release)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe(free);
    expect(await lab.sh('h1', `cat ${configuration}`)).toBe(client);
  });

  test('a hold after a hold has a new timer, and one release ends it', async () => {
    expect(await run(hold, 3)).toExitWith(0);
    expect(await run(hold, 100)).toExitWith(0);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await state()).toBe(held);
    expect(await run(release)).toExitWith(0);
    expect(await state()).toBe(free);
  });

  test('goes on by itself after the time, and a release then does nothing', async () => {
    // Looked at in the same breath: on a busy machine the time may be over before another command gets there.
    const { code, stdout } = await run(`(\n${hold}\n) || exit 3\n${look}; :`, 5);
    expect(code).toBe(0);
    expect(words(stdout)).toBe(held);
    await until(free);
    const process = 'systemctl show -p MainPID --value rsyslog';
    const before = await lab.sh('h1', process);
    expect(await run(release)).toMatchObject({ code: 0, stderr: '' });
    expect(await lab.sh('h1', process)).toBe(before);
  });

  test('what does not run is not held, and not started by a release', async () => {
    await lab.sh('h1', 'systemctl stop syslog.socket rsyslog');
    expect(await run(hold)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe('inactive inactive');
    expect(await run(release)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe('inactive inactive');
  });

  test('what sends nothing to the log server is not held', async () => {
    // Whoever reads the journal and does not send yet is about to: what it reads must wait for the log server too.
    const journal = '/etc/rsyslog.d/05-provision-journal.conf';
    await lab.sh('h1', `rm ${configuration}; mv ${journal} ${journal}.aside 2>&-; systemctl restart rsyslog`);
    expect(await run(hold)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe(free);
    await lab.sh('h1', `mv ${journal}.aside ${journal} 2>&-; :`);
  });

  test('the next run ends a hold that a killed one left, and one after it has nothing to do', async () => {
    expect(await run(hold, 300)).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toBe(held);
    const extra = ['-e', `rsyslog_client_input=${input}`];
    const next = await folder.apply('input.yml', ...extra);
    expect(next).toExitWith(0);
    expect(next.stderr).toContain('End the hold that a killed run left');
    expect(await state()).toBe(free);
    expect(await lab.sh('h1', `cat ${configuration}`)).toBe(client);
    const again = await folder.apply('input.yml', ...extra);
    expect(again.stdout).toContain('0 changed on 1 host');
    expect(await state()).toBe(free);
  });

  test('without a timer nothing is stopped', async () => {
    const broken = hold.replace('systemd-run', 'false');
    const { code, stderr } = await run(broken);
    expect(code).toBe(1);
    expect(stderr).toContain('no timer could be set');
    expect(await state()).toBe(free);
  });

  test('a boot ends the hold', async () => {
    expect(await run(hold)).toExitWith(0);
    await lab.power('h1', 'off');
    await lab.power('h1', 'on');
    await until(free);
    expect(await lab.sh('h1', `cat ${configuration}`)).toBe(client);
  });
});
