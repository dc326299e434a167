import { chmodSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalProject } from './local-run.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.remove());

test('hosts are told different nonces: what one learns does not help to forge the frames of another', async () => {
  // A shell that keeps what it is told, as a lying host would.
  project.write(
    'bin/sh',
    `#!/bin/sh\n[ "$1" = -s ] || exec /bin/sh "$@"\ntee -a ${project.path('told')} | /bin/sh -s\n`,
  );
  chmodSync(project.path('bin', 'sh'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${project.path('bin')}:${PATH}`;
  try {
    const { exitCode } = await project.run('- hosts: all\n  tasks:\n    - ping:\n', { hosts: 3 });
    expect(exitCode).toBe(0);
  } finally {
    process.env.PATH = PATH;
  }
  const told = readFileSync(project.path('told'), 'utf8');
  const nonces = [...told.matchAll(/^provision_nonce=(\S+)$/gm)].map(([, nonce]) => nonce);
  expect(nonces.length).toBeGreaterThanOrEqual(6);
  expect(new Set(nonces).size).toBe(3);
});

test('the sudo password of the inventory is hidden from the first event on', async () => {
  const hidden: string[] = [];
  await project.run(
    `
- hosts: all
  vars: { ansible_become_password: from-the-play }
  tasks:
    - debug: { msg: x }
`,
    {
      become: { enabled: false, user: 'root', password: 'typed-in' },
      hide: (secrets) => hidden.push(...secrets),
    },
  );
  expect(hidden).toContain('from-the-play');
});
