import { expect, test } from 'vitest';
import { importLines } from '../../../../src/cli/import/import-report.ts';
import type { ImportedProject } from '../../../../src/cli/import/project-import.ts';
import { writeFitted } from '../../../../src/report/screen.ts';
import { memoryOutput } from '../../../helpers/report/sample-run.ts';

const top = '/home/me/ansible';
const file = (path: string, tasks: number, accepted: number, others = 0) => ({
  ...{ path: `${top}/${path}`, tasks, accepted, others },
  kind: path.startsWith('roles/') ? ('tasks' as const) : ('playbook' as const),
});

const project: ImportedProject = {
  directory: top,
  inventories: [`${top}/inventory/hosts.ini`],
  whole: new Set([`${top}/site.yml`]),
  roles: [{ name: 'web', directory: `${top}/roles/web` }],
  judgement: {
    files: [
      file('site.yml', 12, 12),
      file('roles/web/tasks/main.yml', 41, 41),
      file('playbooks/machines-at-the-edge-of-the-network.yml', 9, 6, 1),
    ],
    obstacles: [
      {
        code: 'not-supported',
        message: "the module 'community.general.nmcli' is not supported",
        hint: 'use template with a file of systemd-networkd, then command: networkctl reload with a handler for it',
        places: [1, 2, 3, 4].map((line) => `${top}/roles/edge-of-the-network/tasks/interfaces.yml:${line}`),
      },
      { code: 'unknown-filter', message: "unknown filter 'uper'", hint: "did you mean 'upper'?", places: [] },
    ],
    tasks: 62,
    accepted: 59,
  },
  warnings: [
    'the module community.general.snap is not there: the task fails on a host that comes to it (roles/web/tasks/main.yml:9)',
  ],
  settings: [
    { line: 2, key: 'defaults.remote_user', value: 'deploy', setting: 'user: deploy', note: '', open: false },
    {
      line: 9,
      key: 'defaults.vars_plugins',
      value: 'plugins/vars',
      setting: undefined,
      note: 'there are no plugins: write the variables into group_vars, or give them with -e @FILE',
      open: true,
    },
  ],
  requirements: [{ kind: 'role', name: 'me.tool', found: false }],
};

test.each([80, 140])('provision import in %i columns', async (width) => {
  const output = memoryOutput(false, { width, terminal: true });
  writeFitted(output, importLines(project));
  const text = output.text();
  expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  await expect(text).toMatchFileSnapshot(`../golden/import-${width}.txt`);
});
