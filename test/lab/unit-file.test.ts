import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import { named, readEvents } from '../helpers/lab/run-events.ts';

const playbook = `
- hosts: all
  tasks:
    - name: Unit file
      copy: {dest: /etc/systemd/system/waits.service, content: "[Service]\\nExecStart=/bin/sleep {{ seconds }}\\n"}
      notify: Restart
    - name: Service
      service: {name: waits, state: started}
  handlers:
    - name: Restart
      service: {name: waits, state: restarted}
`;

let lab: Lab;
let folder: PlaybookFolder;
beforeAll(async () => {
  lab = await Lab.up(1, 'bookworm', 'unitfile');
  folder = await PlaybookFolder.open(lab, ['h1']);
  await folder.write('unit.yml', playbook);
});
afterAll(async () => {
  await lab?.down();
  await folder?.close();
});

// Each row begins where the one before ended.
test.each([
  ['a unit that is not there yet', 4000, ['Unit file', 'Service', 'Restart']],
  ['a unit that runs', 5000, ['Unit file', 'Restart']],
])('%s runs as its file says that travels with it', async (_name, seconds, changed) => {
  const apply = async () => {
    const run = readEvents(await folder.apply('unit.yml', '--json', '-e', `seconds=${seconds}`));
    expect(run).toExitWith(0);
    return named(run, 'changed');
  };
  expect(await apply()).toEqual(changed.map((name) => `h1: ${name}`));
  expect(await lab.sh('h1', 'ps -o args= -C sleep')).toBe(`/bin/sleep ${seconds}\n`);
  expect(await apply()).toEqual([]);
});
