/** What a code of a problem stands for, for the page docs/errors.md. */
export interface CodeText {
  /** What is wrong, for all problems of the code. */
  readonly meaning: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Every code that the engine and its commands give a problem; a domain has its own, beside it. */
export const problemCodes = {
  'braces-in-condition': {
    meaning: 'a condition is in braces, although it is an expression already',
    fix: 'write it without `{{ }}`',
  },
  'complex-key': {
    meaning: 'the key of a YAML mapping is a list or a mapping',
    fix: 'use text as the key, in quotes if it begins with `{` or `[`',
  },
  'conflicting-connection': {
    meaning: 'plays want to reach one host in different ways; a host has one connection per run',
    fix: 'set it for the host in the inventory',
  },
  'conflicting-keys': { meaning: 'two keys exclude each other', fix: 'keep one of them' },
  'duplicate-key': { meaning: 'a mapping has the same key twice', fix: 'remove one of them' },
  'empty-playbook': { meaning: 'there is no play in the playbook', fix: 'add one' },
  fleet: {
    meaning:
      'a fleet cannot do what was asked: its database, its key, its workers, or how the hosts belong together',
    fix: 'do what the message says; docs/fleet.md has all of it',
  },
  encrypted: {
    meaning: 'a text that ansible-vault has encrypted cannot be read',
    fix: 'give its password with `--vault-password-file` or `--ask-vault-pass`',
  },
  'endless-include': { meaning: 'a file or a role includes itself', fix: 'take one of the includes out' },
  'group-ring': {
    meaning: 'a group of the inventory contains itself',
    fix: 'take one of the `children` out',
  },
  'inventory-syntax': {
    meaning: 'a line of an INI inventory cannot be read',
    fix: 'write it as the hint shows',
  },
  'large-number': {
    meaning: 'a number of YAML is too large to be kept exactly',
    fix: 'put it in quotes',
  },
  'missing-file': {
    meaning: 'a file is not there, or is a directory',
    fix: 'make it, or correct the path; the message says what paths count from',
  },
  'missing-key': { meaning: 'a key that is needed is not given', fix: 'add it' },
  'missing-role': {
    meaning: 'there is no role of this name',
    fix: 'correct the name, or put the role into `roles/` beside the playbook',
  },
  'missing-value': { meaning: 'a key has no value', fix: 'give it one, or take the key out' },
  'missing-variable': {
    meaning: 'a role needs a variable that nobody sets',
    fix: 'set it, as the description of the role says',
  },
  'no-action': { meaning: 'a task does not say what is to be done', fix: 'add a module to it' },
  'no-inventory': {
    meaning: 'a playbook without hosts of its own was given as inventory',
    fix: 'give `-i` the file that has the hosts',
  },
  'no-systemd': {
    meaning: 'this machine does not run systemd, which a schedule needs',
    fix: 'let cron run `provision schedule PLAYBOOK --run`',
  },
  'no-terminal': {
    meaning: 'a secret must be asked for, and there is no terminal to ask at',
    fix: 'run it from a terminal, or arrange for no question',
  },
  'not-known': {
    meaning: 'a condition needs a value that is known only later',
    fix: 'put it behind the task that gives the value',
  },
  'not-a-playbook': {
    meaning: 'the file is an inventory, and a playbook is wanted',
    fix: 'name the playbook, and the inventory with `-i`',
  },
  'not-supported': {
    meaning: "a word of Ansible's or Jinja's that provision does not have",
    fix: 'the hint names what to use instead; `docs/differences-from-ansible.md` has the list',
  },
  'not-utf8': {
    meaning: 'a file has another encoding than UTF-8',
    fix: 'save it as UTF-8; the hint names the command',
  },
  'recursive-variable': { meaning: 'a variable is defined by itself', fix: 'give one of them another name' },
  'refused-settings': {
    meaning: "a role's `meta/checks.yml` refuses these settings",
    fix: 'change the setting as the message says',
  },
  'several-actions': { meaning: 'a task names more than one module', fix: 'make a task of each' },
  'several-documents': {
    meaning: 'a YAML file has more than one document',
    fix: 'take the `---` out, or make a file of each',
  },
  'stale-plan': {
    meaning: 'a plan that was written down is not what would be done now: hosts or files have changed since',
    fix: 'make a new plan, and look at it',
  },
  'systemd-refused': { meaning: 'systemctl on the control node failed', fix: 'its message says why' },
  'task-failed': {
    meaning: 'a host stopped at a task that failed (events of a run)',
    fix: 'correct what the message names, and run the same command again',
  },
  'template-failed': {
    meaning: 'a template or an expression cannot be evaluated with these values',
    fix: 'correct the value or the expression at its place',
  },
  'template-in-condition': {
    meaning: 'a part of a condition is in braces',
    fix: "write names without braces: state == 'on'",
  },
  'template-not-allowed': {
    meaning: 'a keyword that is needed before a host is known has a template',
    fix: 'write a plain value',
  },
  'template-syntax': {
    meaning: 'a template or an expression is not Jinja',
    fix: 'correct it where the mark points',
  },
  'too-large': {
    meaning: 'the aliases of a YAML file unfold to more values than any playbook has',
    fix: 'write out what they stand for, or use fewer of them',
  },
  'undefined-variable': {
    meaning: 'a template needs a variable that has no value on this host',
    fix: 'set it, or write `| default(...)`',
  },
  'unit-of-another': {
    meaning: 'a systemd unit of that name was not made by `provision schedule`',
    fix: 'choose another name with `--name`, or remove the unit',
  },
  'unknown-alias': {
    meaning: 'a YAML alias names no anchor',
    fix: 'correct the name, or put text that begins with `*` in quotes',
  },
  'unknown-fact': {
    meaning: 'there is no fact of this name',
    fix: 'the hint names the one that was meant; `docs/variables.md` has all',
  },
  'unknown-filter': { meaning: 'there is no filter of this name', fix: 'correct the name' },
  'unknown-function': { meaning: 'there is no function of this name', fix: 'correct the name' },
  'unknown-group': {
    meaning: 'the inventory has no group of this name',
    fix: 'correct the name, or add the group',
  },
  'unknown-handler': {
    meaning: 'a task notifies a handler that the play does not have',
    fix: 'correct the name, or add the handler',
  },
  'unknown-host': {
    meaning: 'the inventory has no host of this name',
    fix: 'correct the name, or add the host',
  },
  'unknown-key': {
    meaning: 'a key that is not known here, most often misspelt',
    fix: 'correct it; the hint names the one that was meant',
  },
  'unknown-tag': {
    meaning: '`--tags` or `--skip-tags` names a tag that nothing has',
    fix: 'correct the name',
  },
  'unknown-task': {
    meaning: '`--start-at-task` names a task that is not there',
    fix: 'correct the name; `--list-tasks` shows them all',
  },
  'unknown-test': { meaning: 'there is no test of this name (behind `is`)', fix: 'correct the name' },
  'unknown-variable': { meaning: 'a name that nothing defines', fix: 'correct the name, or define it' },
  'unquoted-mode': {
    meaning: 'a mode is a number, which YAML reads as a decimal one',
    fix: "put it in quotes: '0644'",
  },
  'unquoted-octal': {
    meaning: 'a number with a zero in front, which YAML reads as an octal one',
    fix: 'put it in quotes, or remove the zero',
  },
  'unquoted-template': {
    meaning: 'a value begins with `{{` and has no quotes, which YAML reads as a mapping',
    fix: 'put it in quotes',
  },
  'unreadable-file': {
    meaning: 'a file may not be read',
    fix: 'correct its rights, or run as a user who may read it',
  },
  'unwritable-report': {
    meaning: 'the file of a report could not be written when the run is over',
    fix: 'give `--report` another file, in a directory that is there',
  },
  'wrong-check': {
    meaning: "an item of a role's `meta/checks.yml`, or a `role_checks` task, is not as it must be",
    fix: 'correct it as the message says',
  },
  'wrong-extra-vars': {
    meaning: '`-e` is neither `name=value`, nor JSON, nor `@FILE`',
    fix: 'write it in one of these ways',
  },
  'wrong-merge': {
    meaning: 'the YAML merge key `<<` does not name a mapping',
    fix: 'let it name a mapping, or a list of them',
  },
  'wrong-name': {
    meaning: 'a name that cannot be used: of a host, a group or a unit',
    fix: 'take another one, of letters, digits, - and _',
  },
  'wrong-range': {
    meaning: 'a range of hosts, as in `h[1:3]`, cannot be read',
    fix: 'write it as the message shows',
  },
  'wrong-schema': {
    meaning: "a role's `meta/schema.yml` is not a JSON Schema of variables",
    fix: 'correct it as the message says',
  },
  'wrong-tag': { meaning: 'a YAML tag does not fit its value', fix: 'remove the tag' },
  'wrong-type': { meaning: 'a value of another type than is needed', fix: 'write it as the message says' },
  'wrong-value': {
    meaning: 'a value that is not allowed here',
    fix: 'take one that the message or the hint names',
  },
  'yaml-syntax': {
    meaning: 'the file is not YAML',
    fix: 'correct it where the mark points; the hint says what is most often the cause',
  },
} as const satisfies Readonly<Record<string, CodeText>>;

/** Why a host cannot be reached, as `host-unreachable` events say it. */
export const unreachableCodes = {
  authentication: {
    meaning: 'the host lets nobody in with these keys',
    fix: 'load the right key into ssh-agent, or correct ansible_user or the key file',
  },
  'changed-host-key': {
    meaning: 'the host shows another key than known_hosts has',
    fix: 'find out why before anything else; nothing was sent to it',
  },
  connect: {
    meaning: 'nothing accepts a connection at that address and port',
    fix: 'switch the host on, or correct the address or the port',
  },
  lost: {
    meaning: 'the connection broke in the middle of the run',
    fix: 'run the same command again: what is done stays done',
  },
  name: { meaning: "the host's name has no address", fix: 'correct the name, or set ansible_host' },
  'revoked-host-key': {
    meaning: 'the host shows a key that known_hosts has marked as revoked',
    fix: 'give the host a new key',
  },
  timeout: {
    meaning: 'the host does not answer in time',
    fix: 'check that it is on and that no firewall is between; `--connect-timeout` waits longer',
  },
  'unknown-host-key': {
    meaning: 'the key of the host is not in known_hosts',
    fix: 'compare its fingerprint, then connect once with ssh',
  },
} as const satisfies Readonly<Record<string, CodeText>>;
