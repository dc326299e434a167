/*
 * Who may import whom. A change here is a change to the architecture, and belongs into docs/architecture.md too.
 * A room is a folder or a single file of src/; of several that fit a file, the longest counts. Behind each stands what
 * it may import: `./` begins a name in the same section; a folder that is no room itself means all rooms in it. Lowest
 * first.
 */
const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    errors: '',
    shell: '',
    python: '',
    'control-node': '',
    probes: 'shell errors',
    schedule: 'errors',
    planner: 'language/evaluate language/model.ts resources/step.ts resources/resource.ts probes shell',
    runner:
      'planner language/evaluate language/play-members.ts language/tag-selection.ts language/model.ts jinja/values ' +
      'resources/domain.ts resources/background.ts resources/step-script.ts resources/step.ts resources/resource.ts resources/facts probes transport transport/connection.ts control-node shell errors',
    report: 'runner resources/resource.ts errors',
    // Several workers for one run; its engine is one file.
    fleet:
      'planner report runner language/playbook-loader.ts language/evaluate language/task-walk.ts language/model.ts resources/domain.ts resources/resource.ts errors',
    cli:
      'fleet records report runner language/playbook-loader.ts language/task-places.ts language/requirement-names.ts language/settings language/editor-schema language/tag-selection.ts language/task-walk.ts language/model.ts ' +
      'resources/registry.ts resources/domain.ts resources/resource.ts shell errors',
    // Speaks to hosts without a run: nothing but their keys matters.
    'cli/trust':
      'cli language/evaluate language/model.ts report transport/host-keys transport transport/connection.ts errors',
    // Only the top knows which domains there are.
    'cli/command-line.ts': 'cli cli/trust domains/registry.ts',
    'cli/command-line-module.ts': 'cli/command-line.ts',
    'cli/main.ts': 'cli cli/command-line-module.ts',
    'domains/registry.ts': 'cli domains/tls-logs/entry.ts domains/containers/entry.ts',
  },
  // What is kept of runs.
  records: {
    'run-record.ts': 'resources/resource.ts runner',
    'alike-results.ts': './run-record.ts',
    store: './run-record.ts resources/resource.ts runner errors',
    screen: './alike-results.ts ./run-record.ts report runner',
    pages: './alike-results.ts ./run-record.ts report runner',
  },
  resources: {
    // What can be run, and the contract of what asks for it.
    'step.ts': 'probes shell',
    'resource.ts': './step.ts probes shell',
    'argument-schemas.ts': '',
    'check-finding.ts': '',
    'source-name.ts': './commands ./resource.ts',
    'domain.ts': './step.ts ./resource.ts shell',
    'step-script.ts': './step.ts shell',
    'background.ts': './commands ./step-script.ts ./resource.ts',
    accounts: './resource.ts probes shell',
    commands: './argument-schemas.ts ./resource.ts python probes shell',
    facts: './resource.ts shell',
    files: './commands ./step.ts ./resource.ts python probes shell',
    units: './resource.ts probes shell',
    apt: './commands ./files ./resource.ts probes shell',
    archives: './files probes shell',
    databases: 'probes shell',
    disks: 'shell',
    docker: './commands ./argument-schemas.ts ./resource.ts probes shell',
    firewalls: '',
    keys: './argument-schemas.ts probes shell',
    pip: './commands ./argument-schemas.ts probes shell',
    managers: './apt ./commands ./resource.ts probes shell',
    // The files that implement a key in YAML.
    '.': './accounts ./apt ./archives ./commands ./databases ./disks ./docker ./facts ./files ./firewalls ./keys ./managers ./pip ./units ./argument-schemas.ts ./check-finding.ts ./step.ts ./resource.ts python probes shell',
    'registry.ts': './. ./resource.ts',
  },
  jinja: {
    values: 'python errors',
    filters: './values python errors',
    expression: './filters ./values python errors',
    template: './expression ./filters ./values errors',
  },
  language: {
    'model.ts': 'errors',
    'play-members.ts': './model.ts',
    'tag-selection.ts': '',
    'task-walk.ts': './model.ts',
    'become-methods.ts': '',
    'given-names.ts': './model.ts jinja/values',
    'role-name.ts': './model.ts',
    'source/vault': './model.ts errors',
    'source/yaml': './source/vault ./model.ts jinja/values errors',
    'source/schema': 'jinja/values python resources/resource.ts errors',
    'source/loading': './source/yaml ./source/vault ./model.ts jinja/values resources/resource.ts errors',
    inventory: './source ./model.ts jinja/values errors',
    evaluate:
      './source ./become-methods.ts ./play-members.ts ./task-walk.ts ./role-name.ts ./model.ts jinja/expression jinja/template jinja/values resources/check-finding.ts resources/source-name.ts resources/resource.ts errors',
    'variable-check':
      './evaluate ./source/loading ./given-names.ts ./play-members.ts ./model.ts jinja resources/resource.ts errors',
    checks:
      './variable-check ./evaluate ./tag-selection.ts ./task-walk.ts ./model.ts jinja/template jinja/expression jinja/values ' +
      'resources/check-finding.ts errors',
    keywords: './source/schema ./source/yaml ./become-methods.ts jinja/values errors',
    tasks:
      './keywords ./source ./given-names.ts ./role-name.ts ./task-walk.ts ./model.ts jinja/template jinja/values python resources/source-name.ts resources/resource.ts errors',
    roles: './tasks ./keywords ./source ./task-walk.ts ./model.ts jinja/values errors',
    playbook:
      './load-options.ts ./roles ./tasks ./keywords ./inventory ./source ./tag-selection.ts ./task-walk.ts ./model.ts jinja/values errors',
    settings: './source errors',
    'editor-schema': './evaluate ./roles ./keywords ./source resources/resource.ts',
    'load-options.ts': './model.ts resources/domain.ts resources/resource.ts',
    'task-places.ts': './source/yaml',
    'requirement-names.ts': './source/yaml',
    'playbook-loader.ts':
      './load-options.ts ./playbook ./roles ./tasks ./checks ./variable-check ./inventory ./source/loading ./source/vault ./model.ts errors',
  },
  transport: {
    'connection.ts': 'errors',
    'deadline.ts': '',
    'file-cache.ts': '',
    'run-shared.ts': './connection.ts',
    programs: './connection.ts ./deadline.ts errors',
    'ssh-config': './file-cache.ts ./connection.ts',
    'host-keys': './ssh-config ./file-cache.ts ./connection.ts',
    ssh: './programs',
    login: './ssh ./host-keys ./ssh-config ./run-shared.ts ./deadline.ts ./connection.ts',
    '.': './login ./host-keys ./ssh ./programs ./ssh-config ./run-shared.ts ./connection.ts',
  },
  'domains/tls-logs': {
    'problem-codes.ts': 'errors',
    certificates: 'resources/facts',
    probes: 'probes shell',
    trust: 'resources/domain.ts jinja/values',
    // What a host's rsyslog reads: text in, what it loads, opens and sends out.
    'rsyslog-configuration': '',
    ledger: './certificates resources/resource.ts',
    'private-ca': './certificates resources/domain.ts control-node shell errors',
    'resources/files':
      './probes ./certificates ./ledger ./private-ca resources/argument-schemas.ts resources/resource.ts probes shell',
    'resources/restarts':
      './certificates ./probes ./ledger resources/units resources/argument-schemas.ts resources/step.ts resources/resource.ts probes shell',
    resources:
      './resources/files ./resources/restarts ./probes ./certificates ./ledger ./private-ca ./rsyslog-configuration ' +
      'resources/files resources/units resources/argument-schemas.ts resources/step.ts resources/resource.ts probes shell',
    'commands/ca': './certificates ./private-ca cli report errors',
    'commands/records': './ledger ./certificates ./resources records/run-record.ts runner',
    'commands/init': 'cli report shell transport/ssh-config transport/connection.ts errors',
    // What `certs` and `verify` share: a dry run of which only the end is shown.
    'commands/survey': 'cli language/model.ts report runner',
    'commands/uninstall': 'cli language/model.ts report',
    'commands/verify':
      './commands/survey ./resources cli language/model.ts report runner resources/resource.ts',
    'commands/status':
      './commands/survey ./ledger ./resources cli language/model.ts report runner resources/resource.ts shell',
    'commands/doctor': './commands/status ./commands/survey cli records/store report runner shell',
    'commands/certs':
      './commands/ca ./commands/survey ./ledger ./resources cli language/model.ts report runner resources/resource.ts shell',
    'commands/schedule':
      './commands/ca ./commands/certs cli schedule language/playbook-loader.ts language/evaluate language/model.ts report runner transport/login transport/ssh-config transport/connection.ts errors',
    'rsyslog-filters.ts': './rsyslog-configuration resources/domain.ts',
    'domain.ts': './certificates ./private-ca ./resources ./rsyslog-filters.ts ./trust resources/domain.ts',
    'entry.ts': './domain.ts ./commands cli',
  },
  'domains/containers': {
    // Text in, text out: what a compose file says of a service.
    compose: 'resources/resource.ts errors',
    probes: 'domains/tls-logs/probes probes shell',
    // What is known of certificates is the other domain's.
    trust: 'domains/tls-logs/certificates',
    'resources/projects': './compose ./probes resources/files resources/step.ts shell',
    resources:
      './resources/projects ./compose ./probes ./trust domains/tls-logs/certificates domains/tls-logs/ledger domains/tls-logs/probes resources/argument-schemas.ts resources/resource.ts probes shell',
    // What is kept of runs, as the other domain keeps it.
    records: './resources domains/tls-logs/commands/records records/run-record.ts runner',
    'domain.ts': './resources resources/domain.ts',
    'entry.ts': './domain.ts ./records cli',
  },
};

/** A room, and the rooms that it may import. */
export const rooms: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(sections).flatMap(([section, table]) =>
    Object.entries(table).map(([room, allowed]) => [
      nameIn(section, `./${room}`),
      allowed
        .split(' ')
        .filter((name) => name !== '')
        .map((name) => nameIn(section, name)),
    ]),
  ),
);

function nameIn(section: string, name: string): string {
  if (!name.startsWith('./')) return name;
  return [section, name.slice(2)].filter((part) => part !== '' && part !== '.').join('/');
}

/** Libraries that src uses, and the only rooms that may import them. Where there are several, why. */
export const libraries: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly why?: string }>
> = {
  typebox: {
    rooms: ['resources', 'domains/tls-logs/resources', 'domains/containers/resources'],
    why: 'a resource declares its arguments with it, and is the same thing whether every host has it or a domain brings it',
  },
  'js-yaml': {
    rooms: ['jinja/filters', 'language/source/yaml'],
    why: 'from_yaml and to_yaml turn values into text and back; files are read by its events, which have positions',
  },
  yaml: { rooms: ['domains/containers/compose'] },
  ajv: { rooms: ['language/source/schema'] },
  'node-ssh': { rooms: ['transport/login'] },
  ssh2: { rooms: ['transport'] },
  'ssh-config': { rooms: ['transport/ssh-config'] },
  listr2: { rooms: ['report'] },
  diff: { rooms: ['report'] },
  commander: {
    rooms: ['cli', 'cli/command-line.ts', 'domains/tls-logs/commands'],
    why: 'options are declared where commands are; the library does nothing but read them',
  },
  '@peculiar/x509': { rooms: ['domains/tls-logs/private-ca'] },
  'age-encryption': {
    rooms: ['domains/tls-logs/private-ca', 'fleet'],
    why: "a private CA's key is kept encrypted with it, and what a fleet's database holds of a run",
  },
  pg: { rooms: ['fleet'] },
  'pg-boss': { rooms: ['fleet'] },
};
