import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { refuseAbsentOptions } from '../../../../src/cli/options/absent-options.ts';
import {
  addOptions,
  fleetOptions,
  hostOptions,
  playbookOptions,
} from '../../../../src/cli/options/option-table.ts';
import { settingsSchema } from '../../../../src/language/settings/settings-schema.ts';
import { provision } from '../../../helpers/cli/command.ts';

function command(settings = {}): Command {
  return addOptions(new Command('x'), [...playbookOptions, ...hostOptions, ...fleetOptions], { settings });
}

describe('the table of options', () => {
  it('every key of provision.yml but the inventory and the folders of roles is an option of hosts, and its value the default', () => {
    const { properties = {} } = settingsSchema;
    const given = Object.fromEntries(Object.keys(properties).map((name, index) => [name, index + 100]));
    const set = Object.values(command(given).parse([], { from: 'user' }).opts());
    for (const [name, value] of Object.entries(given)) {
      if (!['inventory', 'roles_path'].includes(name)) expect(set, name).toContain(value);
    }
  });

  it('what is typed wins over what is set', () => {
    const parsed = command({ user: 'anna', forks: 7 }).parse(['-u', 'root'], { from: 'user' });
    expect(parsed.opts()).toMatchObject({ user: 'root', forks: 7, becomeUser: 'root', connectTimeout: 10 });
  });

  it('--no-fleet wins over a fleet that is set', () => {
    expect(command({ fleet: true }).parse([], { from: 'user' }).opts()).toMatchObject({ fleet: true });
    expect(command({ fleet: true }).parse(['--no-fleet'], { from: 'user' }).opts()).toMatchObject({
      fleet: false,
    });
    expect(command().parse([], { from: 'user' }).opts()).not.toHaveProperty('fleet');
  });

  it.each([
    ['-k', "'-k, --ask-pass'", 'ssh-copy-id HOST'],
    ['--ask-pass', "'-k, --ask-pass'", 'ssh-copy-id HOST'],
    ['--step', "'--step'", 'provision plan'],
    ['--ask-vault-password', "'--ask-vault-password'", '--ask-vault-pass'],
    ['-c=local', "'-c, --connection'", 'ansible_connection: local'],
  ])('%s of Ansible names what to do instead', (word, name, instead) => {
    const lines: string[] = [];
    const one = new Command('x').exitOverride().configureOutput({ writeErr: (text) => lines.push(text) });
    refuseAbsentOptions(one);
    expect(() => one.parse([word], { from: 'user' })).toThrow();
    expect(lines.join('')).toContain(`there is no option ${name}`);
    expect(lines.join('').replace(/\s+/g, ' ')).toContain(instead);
    expect(one.helpInformation()).not.toContain(name.replaceAll("'", ''));
  });

  it('commands have the same words for the same option', async () => {
    const helps = await Promise.all(
      ['apply', 'plan', 'certs', 'run', 'ping', 'facts', 'schedule'].map((name) =>
        provision([name, '--help']),
      ),
    );
    for (const words of [
      '-u, --user <name>',
      '--private-key, --key-file <file>',
      '--ssh-config <file>',
      '-b, --become ',
    ]) {
      expect(helps.filter(({ stdout }) => stdout.includes(words))).toHaveLength(helps.length);
    }
  });
});
