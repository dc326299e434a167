import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crontabRows } from '../helpers/resources/crontab-rows.ts';
import { FakeCrontab } from '../helpers/resources/fake-crontab.ts';

const directory = mkdtempSync(join(tmpdir(), 'provision-cron-'));
const tabs = new FakeCrontab(directory);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

// One run for all: each row has a user of its own, whose crontab it is about.
const userOf = (index: number) => `row${index}`;
beforeAll(() => {
  const tasks = crontabRows.map(({ before, task }, index) => {
    tabs.write(userOf(index), before);
    return { 'ansible.builtin.cron': { ...task, user: userOf(index) } };
  });
  const play = join(directory, 'play.yml');
  writeFileSync(play, JSON.stringify([{ hosts: 'localhost', gather_facts: false, tasks }]));
  const env = { ...process.env, ...tabs.environment };
  const words = ['-c', 'local', '-i', 'localhost,', play];
  const output = execFileSync('ansible-playbook', words, { env, encoding: 'utf8' });
  const changed = crontabRows.filter(({ before, after }) => before !== after).length;
  expect(output).toContain(`ok=${crontabRows.length}`);
  expect(output).toContain(`changed=${changed} `);
});

// What the unit tests expect of our cron is what Ansible's makes of the same crontabs.
test.each(crontabRows.map(({ what, after }, index) => [what, after, index] as const))(
  'Ansible: %s',
  (_what, after, index) => expect(tabs.read(userOf(index))).toBe(after),
);
