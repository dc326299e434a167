/** Words of Ansible's playbooks that are refused, with what to do instead. */
const unsupportedKeywords: ReadonlyMap<string, string> = new Map([
  [
    'ignore_unreachable',
    'a host has one connection in a run: once it is lost nothing more can be done there; the other hosts go on',
  ],
  ['async', 'run the command in the background with systemd-run, then wait_for its result'],
  ['poll', 'run the command in the background with systemd-run, then wait_for its result'],
  ['module_defaults', 'write the arguments at each task, or share them with a YAML anchor and <<'],
  ['vars_prompt', 'pass the value with -e name=value or -e @file'],
  ['diff', 'use --diff on the command line; no_log hides a task from it'],
  ['debugger', 'use -v on the command line'],
  ['delegate_facts', 'facts stay with the host of the play; read them through hostvars'],
  ['become_flags', 'become always goes through sudo, without further flags'],
  ['become_exe', 'become always goes through sudo'],
  ['become_password', 'use -K, which asks for it'],
  [
    'force_handlers',
    'handlers that were notified and did not run are remembered on the host and run next time',
  ],
  ['fact_path', 'read a file on the host with a task and register'],
  ['sudo', 'use become: true'],
  ['sudo_user', 'use become_user'],
  ['su', 'use become: true'],
  ['user', 'use remote_user, or ansible_user in the inventory'],
  ['include', 'use include_tasks, import_tasks or import_playbook'],
  ['first_available_file', 'use the `first` filter on a list of names'],
]);

const loops: ReadonlyMap<string, string> = new Map([
  ['with_random_choice', 'choose the item yourself: what is random cannot be repeated'],
  ['with_inventory_hostnames', 'loop: "{{ groups[\'NAME\'] }}"'],
  ['with_lines', 'register the output of a command and loop over stdout_lines'],
  ['with_ini', 'write the values as variables'],
  ['with_url', 'fetch it with get_url first'],
]);

// Words that need not be obeyed, with what a user has to know of that; undefined where nothing comes out otherwise.
const idle: ReadonlyMap<string, string | undefined> = new Map([
  ['collections', undefined],
  ['strategy', undefined],
  ['gather_subset', undefined],
  ['gather_timeout', undefined],
  ['throttle', 'hosts are not slowed down; use serial on the play, or -f on the command line'],
]);

/** A keyword of Ansible's that is accepted and has no effect; `advice` where results can differ. */
export function idleKeyword(word: string): { readonly advice: string | undefined } | undefined {
  return idle.has(word) ? { advice: idle.get(word) } : undefined;
}

/** What to use instead of an Ansible keyword that is refused; undefined for a word that Ansible does not know either. */
export function insteadOfKeyword(word: string): string | undefined {
  const instead = unsupportedKeywords.get(word) ?? loops.get(word);
  if (instead) return instead;
  if (word.startsWith('with_')) return 'use loop with an expression that gives the same list';
  return undefined;
}
