import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScheduleOptions } from '../../../../../src/domains/tls-logs/commands/schedule/schedule-options.ts';
import { scheduleOf } from '../../../../../src/domains/tls-logs/commands/schedule/schedule-request.ts';
import type { ProvisionError } from '../../../../../src/errors/problem.ts';
import { folder } from '../../../../helpers/cli/command.ts';

type Given = Partial<ScheduleOptions>;

/** A folder with what options may name. */
function project(): string {
  const path = folder({ 'site.yml': '', 'hosts.yml': '', 'vars.yml': '', config: '' });
  writeFileSync(join(path, 'pass'), 'secret\n', { mode: 0o600 });
  chmodSync(join(path, 'config'), 0o644);
  return path;
}

function scheduled(directory: string, given: Given) {
  const program = { node: '/usr/bin/node', main: '/opt/main.js', directory, manager: 'system' } as const;
  return scheduleOf('site.yml', { graceDays: 7, color: true, ...given }, program);
}

describe('scheduleOf', () => {
  it.each<[string, Given, readonly string[]]>([
    ['nothing', {}, []],
    ['an inventory', { inventory: ['hosts.yml'] }, ['--inventory=HERE/hosts.yml']],
    [
      'two of them',
      { inventory: ['hosts.yml', '/etc/h'] },
      ['--inventory=HERE/hosts.yml', '--inventory=/etc/h'],
    ],
    ['hosts by name', { inventory: ['h1,h2,'] }, ['--inventory=h1,h2,']],
    ['a file of variables', { extraVars: ['@vars.yml'] }, ['--extra-vars=@HERE/vars.yml']],
    ['a pattern that looks like an option', { limit: '-x:!h2' }, ['--limit=-x:!h2']],
    ['sudo', { become: true, becomeUser: 'web' }, ['--become', '--become-user=web']],
    ['that a fleet is to do it', { fleet: true }, ['--fleet']],
    ['that none is, whatever provision.yml says', { fleet: false }, ['--no-fleet']],
    ['an ssh_config', { sshConfig: 'config' }, ['--ssh-config=HERE/config']],
  ])('passes on %s, with absolute paths', async (_case, given, words) => {
    const path = project();
    const { playbook, command, directory } = await scheduled(path, given);
    expect({ playbook, directory }).toEqual({ playbook: join(path, 'site.yml'), directory: path });
    expect(command).toEqual([
      ...['/usr/bin/node', '/opt/main.js', 'schedule', join(path, 'site.yml'), '--run'],
      ...words.map((word) => word.replace('HERE', path)),
      '--grace-days=7',
    ]);
  });

  it('passes on who is told, and refuses what others could read or nobody could use', async () => {
    const path = project();
    writeFileSync(join(path, 'notify'), 'ntfy:https://ntfy.sh/topic\n', { mode: 0o600 });
    const { command } = await scheduled(path, { notify: ['mailto:a@b.c', '@notify'] });
    expect(command.slice(-2)).toEqual(['--notify=mailto:a@b.c', `--notify=@${join(path, 'notify')}`]);
    const refused = (notify: string) => expect(scheduled(path, { notify: [notify] })).rejects;
    await refused('https://hooks.example.com/secret').toThrow(
      /^--notify with an address of the web cannot be scheduled$/,
    );
    await refused('anna').toThrow('--notify: this is no target');
    await refused('@none').toThrow('there is no such file');
    writeFileSync(join(path, 'notify'), 'anna\nhttps://x.y\n');
    await refused('@notify').toThrow(`--notify ${join(path, 'notify')}: 1 of its lines cannot be used`);
    chmodSync(join(path, 'notify'), 0o644);
    await refused('@notify').toThrow('others may read it');
  });

  it('refuses for a fleet what would be the control node’s', async () => {
    const refused = scheduled(project(), { fleet: true, sshConfig: 'config' });
    await expect(refused).rejects.toThrow('--ssh-config cannot be used with --fleet');
  });

  it('keeps for systemd what is not for the run', async () => {
    const path = project();
    const given = { onCalendar: 'Mon..Fri 04:00', name: 'lab', caPassphraseFile: 'pass' };
    expect(await scheduled(path, given)).toMatchObject({
      name: 'lab',
      calendar: 'Mon..Fri 04:00',
      passphraseFile: join(path, 'pass'),
    });
  });

  it.each<[string, Given, RegExp, RegExp]>([
    ['a question', { askBecomePass: true }, /-K asks for the sudo password, and nobody is there/, /NOPASSWD/],
    [
      'a value',
      { extraVars: ['token=s3cret'] },
      /-e token=\.\.\. cannot be scheduled/,
      /`token: value` .* -e @FILE/,
    ],
    ['values as JSON', { extraVars: ['{"token": "s3cret"}'] }, /-e with values cannot be/, /-e @FILE/],
    ['a name that cannot be one', { name: 'a@b' }, /--name a@b cannot be/, /letters, digits/],
    [
      'a setting in the time',
      { onCalendar: 'daily\nOnBootSec=1' },
      /cannot be a time: "daily\\nOnBoot/,
      /Mon\.\.Fri/,
    ],
    ['no such ssh_config', { sshConfig: 'nope' }, /--ssh-config \/.*\/nope: there is no such file/, /^$/],
    [
      'no such passphrase',
      { caPassphraseFile: 'nope' },
      /--ca-passphrase-file \/.*\/nope: there is no/,
      /^$/,
    ],
    ['an open passphrase', { caPassphraseFile: 'config' }, /\/config: others may read it/, /chmod 600/],
  ])('refuses %s', async (_case, given, what, next) => {
    const error: ProvisionError = await scheduled(project(), given).catch((reason) => reason);
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]?.message).toMatch(what);
    expect(error.problems[0]?.hint ?? '').toMatch(next);
    expect(JSON.stringify(error.problems)).not.toContain('s3cret');
  });

  it.each<[string, string, Given, RegExp]>([
    [
      'a comma before the inventory',
      'a,b',
      { inventory: ['hosts.yml'] },
      /^the path of the inventory has a comma/,
    ],
    ['a blank at the end of the current directory', 'ends ', {}, /^the current directory has a name/],
    ['a line end in that of the passphrase', 'a\nb', { caPassphraseFile: 'pass' }, /\/pass has a name/],
  ])('refuses a path with %s', async (_case, name, given, what) => {
    const path = join(project(), name);
    mkdirSync(path);
    writeFileSync(join(path, 'pass'), 'secret\n', { mode: 0o600 });
    const error: ProvisionError = await scheduled(path, given).catch((reason) => reason);
    expect(error.problems.map(({ message }) => message)).toContainEqual(expect.stringMatching(what));
  });

  it('shows all that is wrong at once', async () => {
    const given = { askBecomePass: true, extraVars: ['a=1'], name: '.' };
    const error: ProvisionError = await scheduled(project(), given).catch((reason) => reason);
    expect(error.problems.map(({ code }) => code)).toEqual(['no-terminal', 'wrong-name', 'open-value']);
  });
});
