import { type Command, Option } from 'commander';
import { wrapWords } from '../../report/fitted-text.ts';

/** Options of ansible-playbook that are not there, and what stands for each of them. */
const instead: Readonly<Record<string, string>> = {
  '-k, --ask-pass':
    'provision logs in with keys only: `ssh-copy-id HOST` asks for the password once, and the key does from then on',
  '--connection-password-file <file>':
    'provision logs in with keys only: `ssh-copy-id HOST` asks for the password once, and the key does from then on',
  '--step':
    'steps of many tasks travel together: `provision plan` shows each change beforehand, --tags and --start-at-task choose among them',
  '--become-password-file <file>': '-K asks for the password; `ansible_become_password` may hold it',
  '--become-method <method>': 'sudo is the only method',
  '-c, --connection <type>':
    'write `ansible_connection: local` for the host; all others are reached over ssh',
  '--ssh-common-args <words>': 'write them into ~/.ssh/config, or name another file with --ssh-config',
  '--ssh-extra-args <words>': 'write them into ~/.ssh/config, or name another file with --ssh-config',
  '--scp-extra-args <words>': 'files travel inside the connection: write what ssh needs into ~/.ssh/config',
  '--sftp-extra-args <words>': 'files travel inside the connection: write what ssh needs into ~/.ssh/config',
  '-T <seconds>': '--connect-timeout bounds a connection attempt, --timeout the whole run',
  '--force-handlers':
    'write `force_handlers: true` at the play; what did not run is remembered on the host, too',
  '-M, --module-path <path>': 'there are no modules beside those of `docs/resources.md`',
  '--vault-pass-file <file>': 'the option is called --vault-password-file',
  '--ask-vault-password': 'the option is called --ask-vault-pass',
};

/** Lets a command name what to do instead of an option that only Ansible has; its help shows none of them. */
export function refuseAbsentOptions(command: Command): void {
  for (const [flags, text] of Object.entries(instead)) {
    const option = new Option(flags).hideHelp();
    command.addOption(option);
    const name = flags.replace(/ <.*/, '');
    const lines = wrapWords(`instead: ${text}`, 76).map((line) => `  ${line}`);
    command.on(`option:${option.name()}`, () =>
      command.error([`error: there is no option '${name}'`, ...lines].join('\n')),
    );
  }
}
