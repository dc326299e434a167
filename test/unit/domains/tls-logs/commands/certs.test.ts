import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstFingerprint } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import { type Finished, folder, provision } from '../../../../helpers/cli/command.ts';
import { treeOf } from '../../../../helpers/resources/file-tree.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  made.root('ca', 'basicConstraints=critical,CA:true');
  for (const name of ['old', 'next']) made.issue(name, 'ca', 'subjectAltName=DNS:logs.lab');
});
afterAll(() => made.remove());

const gone = '    gone: { ansible_host: 127.0.0.1, ansible_port: 1 }\n';
const watch =
  '- { name: watch, renewal_record: { lineage: "{{ here }}/live", record: "{{ here }}/note.json" } }';
const deploy =
  '- { name: deploy, deployed_certificate: { certificate: "{{ here }}/live/fullchain.pem", key: "{{ here }}/live/privkey.pem", dest: "{{ here }}/own" } }';

function playbook(tasks: readonly string[], more = ''): string {
  const inventory = `inventory:\n  hosts:\n    me: { ansible_connection: local }\n${more}`;
  return `${inventory}plays:\n- name: all\n  hosts: all\n  any_errors_fatal: true\n  vars: { here: "{{ playbook_dir }}" }\n  tasks:\n${tasks.map((task) => `  ${task}\n`).join('')}`;
}

/** A folder with a playbook, a certificate that was issued, and one that is deployed. */
function project(site: string, issued: 'old' | 'next' = 'old', deployed: 'old' | undefined = 'old'): string {
  const path = folder({ 'site.yml': site });
  for (const [name, directory] of [
    [issued, 'live'],
    [deployed, 'own/20260101T000000Z'],
  ] as const) {
    if (name === undefined) continue;
    mkdirSync(join(path, directory), { recursive: true });
    writeFileSync(join(path, directory, 'fullchain.pem'), made.pem(name));
    writeFileSync(join(path, directory, 'privkey.pem'), made.publicKey(name), { mode: 0o600 });
  }
  if (deployed) symlinkSync('20260101T000000Z', join(path, 'own/current'));
  note(path, issued);
  return path;
}

function note(path: string, name: string, state = 'done'): void {
  const fingerprint = firstFingerprint(made.pem(name));
  const text = {
    state,
    time: '2026-05-01T00:00:00Z',
    lineage: 'live',
    fingerprint,
    domains: [],
    reason: 'the daemon would not start',
  };
  writeFileSync(join(path, 'note.json'), JSON.stringify(text));
}

async function certs(path: string, ...words: readonly string[]): Promise<Finished> {
  const { env } = process;
  const state = { PROVISION_STATE: join(path, 'state'), PROVISION_RUN: join(path, 'run') };
  return await provision(['certs', 'site.yml', ...words], {
    cwd: path,
    env: { ...env, ...state, NO_COLOR: '1' },
  });
}

const lastLine = ({ stdout }: Finished) => stdout.trimEnd().split('\n').at(-1);

describe('certs', () => {
  it('all in order: exit code 0, when the next one is due, and nothing is touched', async () => {
    const path = project(playbook([watch]));
    const before = treeOf(path);
    const done = await certs(path);
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/^me {2}logs\.lab +(89|90) days left {2}ok\n/);
    expect(lastLine(done)).toMatch(/^all in order; next due: logs\.lab on me in (59|60) days$/);
    expect(treeOf(path)).toEqual(before);
  });

  it.each<[string, string, 'old' | 'next', RegExp, (readonly string[])?]>([
    ['a missed deployment', playbook([deploy]), 'next', /issued .* is not deployed: that is/],
    [
      'earlier warning',
      playbook([watch]),
      'old',
      /has (89|90) days left, due below 1000/,
      ['--warn-days', '1000'],
    ],
    [
      'a task that would fail beside it',
      playbook(['- fail: { msg: no }', deploy]),
      'next',
      /is not deployed/,
    ],
    ['a host that is down beside it', playbook([deploy], gone), 'next', /is not deployed/],
    [
      'what cannot be known yet',
      playbook([
        '- { name: make, command: make it, register: made }',
        '- renewal_record: { lineage: "{{ made.stdout }}" }',
      ]),
      'old',
      /is not known before it is applied: make/,
    ],
  ])('%s: exit code 2, and what to do last', async (_what, site, issued, message, words = []) => {
    const done = await certs(project(site, issued), ...words, '--connect-timeout', '5');
    expect(done.code, done.stdout + done.stderr).toBe(2);
    expect(done.stdout.replace(/\n +/g, ' ')).toMatch(message);
    expect(lastLine(done)).toBe('next: provision apply site.yml');
  });

  it('a deploy hook that failed: exit code 2', async () => {
    const path = project(playbook([watch]));
    note(path, 'old', 'failed');
    const done = await certs(path);
    expect(done.code).toBe(2);
    expect(done.stdout.replace(/\n +/g, ' ')).toContain(
      'due: issued: the deploy hook failed on 2026-05-01: the daemon would not start',
    );
  });

  it('repeats the options in the command that comes next, with the tag when there is one', async () => {
    const tagged = deploy.replace('deployed_certificate', 'tags: certificates, deployed_certificate');
    const path = project(playbook([tagged]), 'next');
    const done = await certs(path, '-l', 'me', '-e', 'a=b;c');
    expect(lastLine(done)).toBe("next: provision apply site.yml -l me -e 'a=b;c' --tags certificates");
  });

  it('a task that would fail: goes on behind it, and exit code 1 when nothing is due', async () => {
    const done = await certs(project(playbook(['- { name: check, fail: { msg: no good } }', watch])));
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('me  would fail: check: no good\n');
    expect(done.stdout).toContain('me  logs.lab');
    const ignored = playbook(['- { fail: { msg: no good }, ignore_errors: true }', watch]);
    expect((await certs(project(ignored))).code).toBe(0);
  });

  it('a host that is down: exit code 4 when all others are in order', async () => {
    const done = await certs(project(playbook([watch], gone)), '--connect-timeout', '5');
    expect(done.code).toBe(4);
    expect(done.stdout).toMatch(/\ngone {2}unreachable: .*refused/);
    expect(lastLine(done)).toBe('next: once they are back: provision certs site.yml');
  });

  it('where received lines lie, and how they are encrypted there', async () => {
    const path = project(playbook([watch, '- log_store: { path: "{{ here }}/live" }']));
    const shown = (await certs(path)).stdout.replace(/\n/g, ' ');
    expect(shown).toMatch(/ received lines on me lie in \S+\/live, (in the clear|encrypted by [\w-]+) /);
    const { stores } = JSON.parse((await certs(path, '--json')).stdout);
    expect(stores).toEqual([
      {
        host: 'me',
        directory: join(path, 'live'),
        encrypted: !shown.includes('in the clear'),
        encryption: expect.any(String),
      },
    ]);
  });

  it('a playbook without certificates says so, and asks no host', async () => {
    const { code, stdout } = await certs(project(playbook(['- debug: { msg: hello }'], gone)));
    expect(code).toBe(0);
    expect(stdout).toBe('no certificates: site.yml has no task about one for these hosts and tags\n');
  });

  it('the private CA of the control node is a certificate of its own', async () => {
    const root = '- private_ca_root: { dest: "{{ here }}/root.pem", ca: "{{ here }}/ca" }';
    const path = project(playbook([root]));
    const missing = await certs(path);
    expect(missing.code).toBe(2);
    expect(missing.stdout).toContain('due: issued: there is no certificate');
    mkdirSync(join(path, 'ca'));
    writeFileSync(join(path, 'ca/ca.pem'), made.pem('ca'));
    const found = await certs(path);
    expect(found.stdout).toMatch(/^control node {2}CN=ca +\d+ days left {2}ok\n/);
    expect(found.code).toBe(0);
    const late = await certs(path, '--warn-days', '1000');
    expect(lastLine(late)).toBe('next: provision apply site.yml');
    expect(late.stdout).toContain(`next: provision ca renew -d ${join(path, 'ca')}\n`);
  });

  it('--json: one document, with everything in full', async () => {
    const { code, stdout, stderr } = await certs(project(playbook([deploy, watch]), 'next'), '--json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    const document = JSON.parse(stdout);
    const [live, own] = document.certificates;
    const [old, next] = ['old', 'next'].map((name) => firstFingerprint(made.pem(name)));
    expect(document).toMatchObject({
      type: 'certificates',
      format: 1,
      playbook: 'site.yml',
      due: 1,
      exitCode: 2,
      unseen: [],
    });
    expect(live).toMatchObject({ host: 'me', fingerprint: next, equal: true, due: [] });
    expect(own).toMatchObject({
      host: 'me',
      names: ['logs.lab'],
      issuer: 'CN=ca',
      fingerprint: old,
      equal: false,
      stages: { issued: { fingerprints: [next] }, deployed: { fingerprints: [old] } },
      due: [{ code: 'differs' }],
      remedy: 'apply',
    });
    expect(own.serial).toMatch(/^[0-9A-F]+$/);
    expect(document.next).toEqual(['provision apply site.yml']);
  });

  it('--json of a playbook that does not load: its problems, exit code 1', async () => {
    const { code, stdout } = await certs(project('plays: nonsense\n'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ type: 'validation', valid: false });
  });

  it('shows names from hosts as text only', async () => {
    const names = new OpensslAuthority();
    names.root('evil', 'basicConstraints=CA:false', 'a\u001b[2Jb');
    const path = project(playbook([watch]));
    writeFileSync(join(path, 'live/fullchain.pem'), names.pem('evil'));
    names.remove();
    const shown = await certs(path);
    expect(shown.stdout).toContain('CN=a');
    expect(shown.stdout).not.toContain('\u001b');
    expect((await certs(path, '--json')).stdout).not.toContain('\u001b');
  });
});
