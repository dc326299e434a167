import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, folder, provision } from '../../../../helpers/cli/command.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  made.root('ca', 'basicConstraints=critical,CA:true');
  for (const name of ['old', 'next']) made.issue(name, 'ca', 'subjectAltName=DNS:logs.lab');
});
afterAll(() => made.remove());

const gone = 'gone: { ansible_host: 127.0.0.1, ansible_port: 1 }';
const check = '  - { name: check, command: test ! -e broken, args: { chdir: "{{ playbook_dir }}" } }\n';

function playbook(hosts: string): string {
  return `inventory: { hosts: { ${hosts} } }
plays:
- hosts: all
  gather_facts: false
  tags: certificates
  vars: { here: "{{ playbook_dir }}" }
  tasks:
${check}  - name: deploy
    deployed_certificate: { certificate: "{{ here }}/live/cert.pem", key: "{{ here }}/live/key.pem", dest: "{{ here }}/own" }
`;
}

const me = 'me: { ansible_connection: local }';
const both = `${me}, ${gone}`;

/** A folder with a playbook and a certificate that nothing has deployed yet. */
function project(hosts: string): string {
  const path = folder({ 'site.yml': playbook(hosts) });
  for (const name of ['live', 'state']) mkdirSync(join(path, name));
  renew(path, 'old');
  return path;
}

function renew(path: string, name: string): void {
  writeFileSync(join(path, 'live/cert.pem'), made.pem(name));
  writeFileSync(join(path, 'live/key.pem'), readFileSync(join(made.directory, `${name}.key`)), {
    mode: 0o600,
  });
}

async function run(path: string, ...words: readonly string[]): Promise<Finished> {
  const own = { PROVISION_STATE: join(path, '.state'), PROVISION_RUN: join(path, '.run') };
  return await provision(['schedule', 'site.yml', '--run', ...words], {
    cwd: path,
    env: { ...own, STATE_DIRECTORY: join(path, 'state') },
  });
}

const deployed = (path: string): string => readFileSync(join(path, 'own/current/fullchain.pem'), 'utf8');

function age(path: string, days: number): void {
  const file = join(path, 'state/reached.json');
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/("gone": \{\s*"since": )"[^"]*"/, `$1"${since}"`));
}

describe('schedule --run', () => {
  it('reports a renewal and a failure to whom the file names, and no quiet night', async () => {
    const told: { readonly subject: string; readonly failed: boolean }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        told.push(JSON.parse(body));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    const path = project(me);
    writeFileSync(
      join(path, 'notify'),
      `# me\nhttp://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/hook\n`,
    );
    for (let night = 0; night < 2; night++) await run(path, '--notify', '@notify');
    renew(path, 'next');
    writeFileSync(join(path, 'broken'), '');
    expect((await run(path, '--notify', '@notify')).code).toBe(2);
    await new Promise((resolve) => server.close(resolve));
    expect(told.map(({ subject, failed }) => [subject.replace(/^.*: site/, 'site'), failed])).toEqual([
      ['site.yml: renewed what was due', false],
      ['site.yml: failed with code 2', true],
    ]);
    const lost = await run(path, '--notify', '@notify', '--notify', '@none');
    expect(lost.stdout).toContain('the webhook notice could not be sent: ECONNREFUSED\n');
    expect(lost.stdout).toContain('a target of --notify cannot be used\n');
  });

  it('applies what is due, then nothing, then what was renewed; without colours', async () => {
    const path = project(me);
    const first = await run(path);
    expect(first.code, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toContain('something is due: applying');
    expect(first.stdout).toMatch(/^me +ok=\d+ +changed=2 /m);
    expect(deployed(path)).toBe(made.pem('old'));

    const second = await run(path);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^nothing is due$/m);
    expect(second.stdout).not.toMatch(/changed=/);

    renew(path, 'next');
    const third = await run(path);
    expect(third.code).toBe(0);
    expect(deployed(path)).toBe(made.pem('next'));
    expect(first.stdout + third.stdout + third.stderr).not.toContain('\u001b');
  });

  it('a host that fails makes the run fail, also beside one that is off', async () => {
    const path = project(both);
    writeFileSync(join(path, 'broken'), '');
    const { code, stdout } = await run(path);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^me .* failed=1 /m);
    expect(stdout).toMatch(/^gone .* unreachable=1 /m);
  });

  it('a host that is off is reported and repaired later; missed for long, it makes the run fail', async () => {
    const path = project(both);
    const first = await run(path);
    expect(first.code).toBe(4);
    expect(deployed(path)).toBe(made.pem('old'));
    expect(first.stdout).toMatch(/^gone: not reached$/m);
    age(path, 6);
    const week = await run(path);
    expect(week.code).toBe(4);
    expect(week.stdout).toMatch(/^gone: not reached for 6 days$/m);
    expect(week.stdout).toMatch(/^the last apply did not finish on every host: applying/m);
    expect((await run(path, '--grace-days', '5')).code).toBe(2);
    age(path, 8);
    const late = await run(path);
    expect(late.code).toBe(2);
    expect(late.stdout).toMatch(/^this is a failure: gone was missed for 7 days or more$/m);
  }, 60_000);

  it('what apply cannot renew stays due: the run fails', async () => {
    const path = project(me);
    made.issue('short', 'ca', 'subjectAltName=DNS:logs.lab', { from: -60, to: 10 });
    renew(path, 'short');
    const { code, stdout } = await run(path);
    expect(code).toBe(2);
    expect(deployed(path)).toBe(made.pem('short'));
    expect(stdout).toMatch(/^something is still due, although it was applied/m);
  });

  it('a playbook that has a mistake by now: exit code 1', async () => {
    const path = project(me);
    writeFileSync(join(path, 'site.yml'), playbook(me).replace('gather_facts', 'gather_fact'));
    expect((await run(path)).code).toBe(1);
  });
});
