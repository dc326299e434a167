import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/** One setting of ansible.cfg, and what becomes of it. */
export interface CarriedSetting {
  readonly line: number;
  readonly key: string;
  readonly value: string;
  /** A line of provision.yml; undefined where there is none. */
  readonly setting: string | undefined;
  /** What to do instead, or why nothing is to do. */
  readonly note: string;
  /** Something has to be done by hand. */
  readonly open: boolean;
}

/** What ansible.cfg says. */
export interface AnsibleCfg {
  readonly settings: readonly CarriedSetting[];
  /** Absolute. */
  readonly inventories: readonly string[];
  /** Absolute, of `roles_path`. */
  readonly rolesPath: readonly string[];
}

const carried: Readonly<Record<string, string>> = {
  'defaults.forks': 'forks',
  'defaults.remote_user': 'user',
  'defaults.private_key_file': 'private_key',
  'defaults.timeout': 'connect_timeout',
  'privilege_escalation.become': 'become',
  'privilege_escalation.become_user': 'become_user',
};

const byHand: Readonly<Record<string, string>> = {
  'defaults.collections_path':
    'roles of collections are looked for in collections/ beside the playbook and ~/.ansible/collections',
  'defaults.collections_paths':
    'roles of collections are looked for in collections/ beside the playbook and ~/.ansible/collections',
  'defaults.host_key_checking':
    'a key that is not known is refused: log in once with ssh, or collect keys with ssh-keyscan',
  'defaults.vault_password_file': 'see docs/from-ansible.md for files that are encrypted with Vault',
  'defaults.vault_identity_list': 'see docs/from-ansible.md for files that are encrypted with Vault',
  'defaults.hash_behaviour': 'mappings replace each other; use the filter combine',
  'defaults.force_handlers':
    'nothing to do: handlers that were notified are remembered, and run by the next run',
  'defaults.filter_plugins': 'there are no plugins in Python: use a filter of docs/variables.md',
  'defaults.library': 'there are no modules in Python: use command, shell or script',
  'defaults.action_plugins': 'there are no plugins in Python',
  'ssh_connection.ssh_args': 'write these options for the hosts into ~/.ssh/config, which counts here',
  'ssh_connection.ssh_common_args': 'write these options for the hosts into ~/.ssh/config, which counts here',
};

const needless =
  /^(defaults\.(stdout_callback|callbacks?_.*|callback_.*|bin_ansible_callbacks|retry_files_.*|gathering|gather_.*|fact_caching.*|interpreter_python|deprecation_warnings|command_warnings|system_warnings|nocows|cow_.*|display_.*|log_path|ansible_managed|localhost_warning|pipelining|transport|strategy|poll_interval|internal_poll_interval|jinja2_native|any_errors_fatal|inject_facts_as_vars|force_color|show_.*|check_mode_markers|module_.*|remote_tmp|local_tmp|allow_world_readable_tmpfiles)|ssh_connection\.(pipelining|control_path.*|retries|scp_if_ssh|transfer_method|sftp_batch_mode)|privilege_escalation\.(become_method|become_ask_pass)|diff\..*|inventory\..*|persistent_connection\..*|colors\..*|galaxy\..*)$/;

function settingLine(section: string, key: string, value: string): string | undefined {
  const name = carried[`${section}.${key}`];
  if (name === undefined) return undefined;
  const yes = /^(yes|true|on|1)$/i.test(value);
  return `${name}: ${name === 'become' ? String(yes) : value}`;
}

/** Reads ansible.cfg as Ansible does: sections, `key = value`, comments behind # and ;. */
export function readAnsibleCfg(file: string, text: string): AnsibleCfg {
  const settings: CarriedSetting[] = [];
  const inventories: string[] = [];
  const rolesPath: string[] = [];
  let section = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\s;.*$/, '').trim();
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    if (name !== undefined) section = name;
    const [, key, given = ''] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(/^[#;]/.test(line) ? '' : line) ?? [];
    if (key === undefined) continue;
    const value = given.trim();
    const at = { line: index + 1, key: `${section}.${key}`, value };
    if (at.key === 'defaults.inventory' || at.key === 'defaults.hostfile') {
      const named = value
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean);
      inventories.push(...named.map((one) => (one.startsWith('/') ? one : join(dirname(file), one))));
      const list = inventories.map((one) => relative(dirname(file), one)).join(', ');
      settings.push({ ...at, setting: `inventory: [${list}]`, note: '', open: false });
      continue;
    }
    if (at.key === 'defaults.roles_path') {
      const folders = value
        .split(':')
        .map((one) => one.trim().replace(/^(?:\$PWD|\{\{ *CWD *\}\})(?=\/|$)/, '.'));
      const named = folders.filter(Boolean);
      const absolute = (one: string) => resolve(dirname(file), one.replace(/^~(?=\/|$)/, homedir()));
      rolesPath.push(...named.map(absolute));
      settings.push({ ...at, setting: `roles_path: [${named.join(', ')}]`, note: '', open: false });
      continue;
    }
    const setting = settingLine(section, key, value);
    const note = byHand[at.key] ?? (needless.test(at.key) ? 'nothing to do' : 'has no counterpart');
    settings.push({
      ...at,
      setting,
      note: setting === undefined ? note : '',
      open: setting === undefined && !note.startsWith('nothing to do'),
    });
  }
  return { settings, inventories, rolesPath };
}
