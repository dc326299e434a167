import { chmodSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

/** Runs it on hosts whose shells find a command of ours first. */
async function withCommand<T>(name: string, script: string, run: () => Promise<T>): Promise<T> {
  project.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(project.path('bin', name), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${project.path('bin')}:${PATH}`;
  try {
    return await run();
  } finally {
    process.env.PATH = PATH;
  }
}

test('hosts are sent different nonces: what one learns does not help to forge the frames of another', async () => {
  // A shell that keeps what it is sent, as a lying host would.
  const tee = `[ "$1" = -s ] || exec /bin/sh "$@"\ntee -a ${project.path('shown')} | /bin/sh -s`;
  await withCommand('sh', tee, async () => {
    const { exitCode } = await project.run('- hosts: all\n  tasks:\n    - stat: { path: / }\n', { hosts: 3 });
    expect(exitCode).toBe(0);
  });
  const shown = readFileSync(project.path('shown'), 'utf8');
  const nonces = [...shown.matchAll(/^provision_nonce=(\S+)$/gm)].map(([, nonce]) => nonce);
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

test.each([
  ['two hours behind', '2 hours ago', '2 h behind'],
  ['a day ahead', '1 day', '1 d ahead of'],
  ['a minute off', '1 minute', undefined],
])('a clock that is %s', async (_what, date, said) => {
  const plays = '- hosts: all\n  tasks:\n    - ping:\n';
  const { events, exitCode } = await withCommand('date', `exec /bin/date -d '${date}' "$@"`, () =>
    project.run(plays, { hosts: 2 }),
  );
  expect(exitCode).toBe(0);
  const warnings = events.filter((event) => event.type === 'warning');
  expect(warnings).toHaveLength(said ? 2 : 0);
  for (const { message } of warnings) expect(message).toContain(`the host's clock is ${said} this machine's`);
});

test('a clock that makes no sense ends nothing', async () => {
  const plays = '- hosts: all\n  tasks:\n    - debug: { msg: "{{ ansible_date_time.iso8601 }}" }\n';
  const never = 'echo "a|b|c|d|e|f|never|h|i|j|k|l"';
  const { events, exitCode } = await withCommand('date', never, () => project.run(plays));
  expect(exitCode).toBe(0);
  expect(events.some(({ type }) => type === 'warning')).toBe(false);
});

test('a forged exit code of the lock is reported as what it is', async () => {
  // Whoever answers ends each section with a code of his own, and says nothing.
  const forged = `[ "$1" = -s ] || exec /bin/sh "$@"\nsed -u 's/^provision_own=.* tries=0$/exit 93/' | /bin/sh -s`;
  const { events, exitCode } = await withCommand('sh', forged, () =>
    project.run('- hosts: all\n  tasks:\n    - ping:\n'),
  );
  expect(exitCode).toBe(2);
  const failed = events.find((event) => event.type === 'host-failed');
  expect(failed?.message).toMatch(
    /the host's lock cannot be taken: the host answered with exit code 93 and gave no reason/,
  );
});
