import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Finished, folder, provision } from '../../../../helpers/cli/command.ts';

const site = `inventory: { hosts: { h1: , h2: } }
plays:
- hosts: all
  gather_facts: false
  tags: certificates
  tasks:
  - deployed_certificate: { certificate: /etc/a/fullchain.pem, key: /etc/a/privkey.pem, dest: /etc/b }
`;

// Without a PATH there is no systemctl: nothing can come of an installation.
async function schedule(path: string, ...words: readonly string[]): Promise<Finished> {
  const env = { HOME: path, PATH: path };
  const done = await provision(['schedule', 'site.yml', ...words], { cwd: path, env });
  return { ...done, stderr: done.stderr.replace(/\n {8}/g, ' ') };
}

describe('schedule', () => {
  it('--show prints both units, with this node and this program, and writes nothing', async () => {
    const path = folder({ 'site.yml': site });
    const { code, stdout, stderr } = await schedule(path, '--show', '-l', 'h1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const names = [...stdout.matchAll(/^# (\/.*)$/gm)].map(([, name]) => name ?? '');
    expect(names).toEqual([
      expect.stringMatching(/\/systemd\/(system|user)\/provision-site-[0-9a-f]{8}\.service$/),
      expect.stringMatching(/\/systemd\/(system|user)\/provision-site-[0-9a-f]{8}\.timer$/),
    ]);
    expect(names.filter((name) => existsSync(name))).toEqual([]);
    expect(stdout).toMatch(
      /^ExecStart=\S*node \S+\/dist\/cli\/main\.js schedule \S+\/site\.yml --run --limit=h1 /m,
    );
    expect(stdout).toContain(`\nWorkingDirectory=${path}\n`);
  });

  it('a machine without systemd: cron can do it', async () => {
    const { code, stdout, stderr } = await schedule(folder({ 'site.yml': site }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /does not run systemd: there is no systemctl\n {2}hint: .*`provision schedule PLAYBOOK --run`/,
    );
  });

  it.each<[string, string, RegExp, (readonly string[])?]>([
    ['has no such tag', site.replace('  tags: certificates\n', ''), /no task has the tag 'certificates'/],
    [
      'has no certificates',
      site.replace(/- deployed.*/, '- debug: { msg: hi }'),
      /site\.yml has no task about certificates/,
    ],
    ['has a mistake', site.replace('gather_facts', 'gather_fact'), /did you mean 'gather_facts'/],
    ['has no such host', site, /--limit h9/, ['-l', 'h9']],
    ['misses its inventory', site, /there is no inventory .*nope\.yml/, ['-i', 'nope.yml']],
    ['misses its variables', site, /nope\.yml/, ['-e', '@nope.yml']],
  ])('a playbook that %s is refused', async (_case, text, what, words = []) => {
    const { code, stdout, stderr } = await schedule(folder({ 'site.yml': text }), '--show', ...words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(what);
  });

  it.each([
    [['schedule'], "missing required argument 'playbook'"],
    [['schedule', '--remove'], "missing required argument 'playbook'"],
    [['schedule', 'x.yml', '--show', '--remove'], "option '--show' cannot be used with option '--remove'"],
    [['schedule', 'x.yml', '--grace-days', '-1'], 'a whole number, 0 or more'],
    [['schedule', 'x.yml', '--tags', 'a'], "unknown option '--tags'"],
    [['schedule', 'x.yml', '--remove', '--name', '../ssh'], '--name ../ssh cannot be the name of a unit'],
    [['schedule', 'x.yml', '--run', '-K'], '-K asks for the sudo password'],
  ])('%j is refused', async (words, what) => {
    const { code, stdout, stderr } = await provision(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(what);
  });

  it('--help fits 80 columns', async () => {
    const { code, stdout } = await provision(['schedule', '--help']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
  });
});
