import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reboot } from '../../../src/resources/reboot.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();
const task_place = { host: 'h', directory: '/', local: false };

function stepOf(args: object) {
  const want = { ...(prepared(reboot, args) as object), task_place } as never;
  const [step] = reboot.steps(want, reboot.diff(want, {}), {});
  if (step?.kind !== 'reboot') throw new Error('no reboot');
  return step;
}

test.each([
  [{}, '-r now Reboot initiated by Ansible'],
  [{ pre_reboot_delay: 130, msg: "it's $(now)" }, "-r +2 it's $(now)"],
])('%j', async (args, words) => {
  const directory = fresh();
  const log = join(directory, 'log');
  const programs = { shutdown: `printf '%s ' "$@" >"${log}.new"; mv "${log}.new" "${log}"`, id: 'echo 0' };
  const { code, stdout, stderr } = await hostWith(directory, programs).run(stepOf(args).script);
  expect([code, stdout, stderr]).toEqual([0, '', '']);
  await vi.waitFor(() => expect(readFileSync(log, 'utf8').trim()).toBe(words), { timeout: 20_000 });
});

test('a command of your own, and what says that it is back', async () => {
  const file = join(fresh(), 'done');
  const args = { reboot_command: `touch ${file}`, boot_time_command: 'who -b', test_command: 'true' };
  const step = stepOf({ ...args, reboot_timeout: 5, post_reboot_delay: 2 });
  expect(step).toMatchObject({ boot: 'who -b', test: 'true', patience: 5, settle: 2 });
  await hostWith(fresh(), { id: 'echo 0' }).run(step.script);
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 20_000 });
});

test('only root can', async () => {
  const { code, stderr } = await hostWith(fresh(), { id: 'echo 1000' }).run(stepOf({}).script);
  expect([code, stderr]).toEqual([1, 'only root can reboot; add `become: true`\n']);
});
