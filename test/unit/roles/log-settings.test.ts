import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Problem, ProvisionError } from '../../../src/errors/problem.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();
const playbook = join(import.meta.dirname, '../../../playbooks/home-lab.yml');
const hosts = ['h1', 'h2', 'h3'];

/** A problem, or a warning. */
type Said = Omit<Problem, 'code'> & { readonly code: string };

interface Fleet {
  readonly server?: string;
  readonly clients?: string;
  readonly name?: string;
}

function inventory({ server = 'h1: ', clients = 'h2: , h3: ', name = 'logs.lab' }: Fleet): string {
  return `all:
  vars: {log_server_name: ${name}}
  children:
    log_server: {hosts: {${server}}, vars: {log_certificate_source: host}}
    log_clients: {hosts: {${clients}}}
`;
}

/** What is wrong with playbooks/home-lab.yml for a fleet; ROOT in a setting is a file that is there, NONE one that is not. */
async function problems(set: readonly string[], fleet: Fleet = {}): Promise<readonly Said[]> {
  const folder = fresh();
  const root = join(folder, 'root.pem');
  writeFileSync(root, 'a root');
  const placed = (text: string) => text.replaceAll('ROOT', root).replaceAll('NONE', join(folder, 'none.pem'));
  const file = join(folder, 'hosts.yml');
  writeFileSync(file, placed(inventory(fleet)));
  const options = { limit: undefined, tags: [], skipTags: [], resources, filters };
  try {
    const loaded = await loadPlaybook(playbook, {
      ...options,
      inventories: [file],
      extraVars: set.map(placed),
    });
    return loaded.checkWarnings.map((message) => ({ code: 'warning', message }));
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    return error.problems;
  }
}

const text = ({ message, hint }: Said) => (hint === undefined ? message : `${message}: ${hint}`);
const on = ({ why = '' }: Said) => /^on ([^:]*):/.exec(why)?.[1]?.split(', ');

describe('what cannot work together is refused before the first connection', () => {
  test.each<[what: string, set: readonly string[], on: readonly string[], said: RegExp]>([
    [
      'one certificate for all, from the private CA',
      ['log_topology=shared', 'log_certificate_source=private_ca'],
      ['h1'],
      /copies one key to all hosts, but the private CA makes a key on each host.*log_topology: private/,
    ],
    [
      'clients without certificates, judged by them',
      ['log_topology=server', 'log_server_authentication=fingerprint'],
      hosts,
      /clients show no certificate, so the server has no fingerprint to judge/,
    ],
    [
      'clients that trust any certificate',
      ['log_client_authentication=certvalid'],
      hosts,
      /sends its lines to whoever has any certificate of the CA, with a public CA anybody: use name or fingerprint/,
    ],
    [
      'clients that trust anybody',
      ['log_client_authentication=anon'],
      hosts,
      /sends its lines to whoever answers/,
    ],
    [
      'all from the private CA, with another root for clients',
      ['log_topology=private', 'log_client_root_file=ROOT'],
      hosts,
      /all certificates are from the private CA, so the server cannot trust log_client_root_file/,
    ],
    [
      'client certificates from the private CA, with another root for clients',
      ['log_client_root_file=ROOT'],
      ['h2', 'h3'],
      /would trust log_client_root_file, but the certificate of this client is from the private CA/,
    ],
    [
      'no root for the server',
      ['log_root_file=', 'log_root_fingerprint='],
      hosts,
      /Clients need a root to trust for the server/,
    ],
    [
      'a server certificate from the private CA, with another root for it',
      ['log_certificate_source=private_ca', 'log_root_file='],
      ['h1'],
      /would be from the private CA, but clients would trust another root: set log_topology: private/,
    ],
    [
      'client certificates of their own, and no root for them',
      ['log_certificate_source=host'],
      ['h2', 'h3'],
      /need a root that the server is to trust for them: set log_client_root_file/,
    ],
    [
      'SHA-256 with RELP and ossl',
      ['log_transport=relp', 'log_authentication=fingerprint', 'log_fingerprint_hash=sha256'],
      hosts,
      /knows SHA-1 fingerprints only: leave log_fingerprint_hash at auto, or set log_driver: gtls/,
    ],
    [
      'certvalid with RELP and gtls',
      ['log_transport=relp', 'log_driver=gtls', 'log_authentication=certvalid'],
      hosts,
      /accepts certificates of any CA, even self-signed ones/,
    ],
    [
      'clients without certificates with RELP and gtls',
      ['log_transport=relp', 'log_driver=gtls', 'log_topology=server'],
      hosts,
      /find no cipher in common/,
    ],
    [
      'a list of permitted peers that nobody looks at',
      ['log_authentication=certvalid', '{"rsyslog_server_permitted_peers": ["h2"]}'],
      hosts,
      /names who may send, but .* does not look/,
    ],
    [
      'files named after what is no property',
      ['log_server_file=%HOSTNAME%-%msg%.log'],
      ['h1'],
      /cannot be named after %msg%: there are %HOSTNAME%, .*%PROGRAMNAME%/,
    ],
    [
      'half a property in the name of a file',
      ['log_server_file=50%.log'],
      ['h1'],
      /make \/var\/log\/remote\/%HOSTNAME%\/50%\.log, in which a % has no other/,
    ],
    [
      'names that rotated files have too',
      ['log_server_file=%PROGRAMNAME%'],
      ['h1'],
      /would take rotated files for new ones: write an ending behind it, as in %PROGRAMNAME%\.log/,
    ],
    [
      'a pattern in the name of a rotated file',
      ['log_server_file=a[1].log'],
      ['h1'],
      /a character that logrotate takes for a pattern/,
    ],
    [
      'failover without a second log server',
      ['rsyslog_client_target_order=failover'],
      ['h2', 'h3'],
      /is failover, and there is no second log server: name it in rsyslog_client_more_targets/,
    ],
    ...(
      [
        [
          'RELP',
          ['log_transport=relp'],
          /knows clients by the names in their certificates, over TCP, and not RELP/,
        ],
        [
          'fingerprints',
          ['log_authentication=fingerprint'],
          /over TCP, and not fingerprints.*log_authentication: name/,
        ],
        ['one certificate for all', ['log_topology=shared'], /over TCP, and not one certificate for all/],
        [
          'files named after addresses',
          ['log_server_file=%FROMHOST-IP%.log'],
          /all lines come from 127\.0\.0\.1.*%HOSTNAME%/,
        ],
        [
          'senders apart by their addresses',
          ['{"log_server_rulesets": [{"name": "a", "addresses": ["10.0.0.*"], "file": "a.log"}]}'],
          /it can neither name files after the sender's address nor choose by it/,
        ],
        [
          'a take-over',
          ['log_take_over=true'],
          /take over first, and set rsyslog_server_proxy in a later run/,
        ],
      ] as const
    ).map(([what, set, said]): [string, readonly string[], readonly string[], RegExp] => [
      `behind nginx: ${what}`,
      ['rsyslog_server_proxy=nginx', ...set],
      ['h1'],
      said,
    ]),
    [
      'a log server that the inventory does not have',
      ['{"rsyslog_client_more_targets": [{"target": "log2.lab", "host": "h9"}]}'],
      ['h2', 'h3'],
      /has hosts that the inventory does not \(h9\): add them to the inventory, or leave host out/,
    ],
    [
      'the same file twice',
      ['{"rsyslog_client_files": [{"path": "/srv/a", "tag": "a"}, {"path": "/srv/a", "tag": "b"}]}'],
      ['h2', 'h3'],
      /names a file twice/,
    ],
    [
      'a file of rsyslogd itself',
      ['{"rsyslog_client_files": [{"path": "/var/log/syslog", "tag": "a"}]}'],
      ['h2', 'h3'],
      /a file that rsyslogd writes itself \(\/var\/log\/syslog\)/,
    ],
    [
      'a limit where the socket is read',
      ['{"rsyslog_client_rate_seconds": 5}', 'rsyslog_client_input=socket'],
      ['h2', 'h3'],
      /limits what is read of the journal, and rsyslog_client_input is socket/,
    ],
    [
      'a limit of the server over RELP',
      ['{"rsyslog_server_rate_seconds": 5}', 'log_transport=relp'],
      ['h1'],
      /rsyslog has no such limit for RELP/,
    ],
    [
      'a relay back to a client',
      ['{"rsyslog_server_relay_to": [{"target": "h2"}]}'],
      ['h1'],
      /sends lines round in a circle: h1 -> h2 -> h1: a line must not come back/,
    ],
    [
      'a relay to nobody that is known',
      ['{"rsyslog_server_relay_to": [{"target": "x.org", "host": "h9"}]}'],
      ['h1'],
      /rsyslog_server_relay_to has hosts that the inventory does not \(h9\)/,
    ],
    [
      'own lines relayed nowhere',
      ['{"rsyslog_server_relay_own_lines": true}'],
      ['h1'],
      /there is no log server that they could go to/,
    ],
    [
      'a list of senders that nobody keeps',
      ['{"rsyslog_server_senders": ["10.0.0.0/8"]}', 'log_transport=relp'],
      ['h1'],
      /a list that rsyslogd keeps for TCP.*rsyslog_server_firewall: true/,
    ],
    [
      'a ruleset for nobody',
      ['{"log_server_rulesets": [{"name": "a", "discard": true}]}'],
      ['h1'],
      /does not say whose lines a is for/,
    ],
    [
      'a ruleset that does nothing',
      ['{"log_server_rulesets": [{"name": "a", "hosts": ["sw*"]}]}'],
      ['h1'],
      /does not say what becomes of the lines of a: write a file/,
    ],
    [
      'a ruleset that stores and discards',
      ['{"log_server_rulesets": [{"name": "a", "hosts": ["sw*"], "file": "a.log", "discard": true}]}'],
      ['h1'],
      /stores lines of a, and discards them/,
    ],
    [
      'two rulesets of one name',
      [
        '{"log_server_rulesets": [{"name": "a", "hosts": ["b"], "file": "b.log"}, {"name": "a", "hosts": ["c"], "discard": true}]}',
      ],
      ['h1'],
      /two entries of one name \(a, a\)/,
    ],
    [
      'files of a ruleset that are named after what is no property',
      ['{"log_server_rulesets": [{"name": "a", "hosts": ["b"], "file": "%msg%.log"}]}'],
      ['h1'],
      /files of log_server_rulesets cannot be named after %msg%/,
    ],
    [
      'files of a ruleset that rotated ones are taken for',
      ['{"log_server_rulesets": [{"name": "a", "hosts": ["b"], "file": "a/%HOSTNAME%"}]}'],
      ['h1'],
      /ends with a property, or has a character that logrotate takes for a pattern \(a\/%HOSTNAME%\)/,
    ],
    [
      'files of a ruleset among those of all others',
      ['{"log_server_rulesets": [{"name": "a", "hosts": ["b"], "file": "a/syslog.log"}]}'],
      ['h1'],
      /\/var\/log\/remote\/a\/syslog\.log of log_server_rulesets is among the files of all other senders/,
    ],
    [
      'a root that is not there',
      ['log_root_file=NONE'],
      hosts,
      /there is no file '.*none\.pem'.*log_root_file names/,
    ],
  ])('%s', async (_what, set, where, said) => {
    const found = await problems(set);
    expect(found.map(text)).toEqual([expect.stringMatching(said)]);
    expect(found.map(on)).toEqual([where]);
    expect(found[0]?.at?.file).toMatch(/^--extra-vars/);
  });

  const shared = 'log_topology=shared';
  const files =
    '{log_certificate_source: control, log_certificate_file: ROOT, log_certificate_key_file: NONE}';
  test.each<[what: string, set: readonly string[], fleet: Fleet, said: RegExp, at: RegExp]>([
    [
      'two log servers',
      [],
      { server: 'h1: , h4: ' },
      /^the group log_server has 2 hosts \(h1, h4\), and a log has one server/,
      /checks\.yml$/,
    ],
    ['no clients', [], { clients: '' }, /^the group log_clients has no hosts/, /checks\.yml$/],
    [
      'the same log server twice',
      ['{"rsyslog_client_more_targets": [{"target": "logs.lab"}]}'],
      {},
      /name the same log server twice \(logs\.lab:6514, logs\.lab:6514\)/,
      /--extra-vars$/,
    ],
    [
      'a server that is its own client',
      [],
      { clients: 'h1: , h2: ' },
      /^h1 is in both groups.*cannot be its own client/,
      /checks\.yml$/,
    ],
    [
      'an address as its name',
      [],
      { name: '192.168.1.240' },
      /192\.168\.1\.240 is an address: write the name, and the address into log_target/,
      /hosts\.yml$/,
    ],
    [
      'a key of the control node that is not there',
      [],
      { server: `h1: ${files}` },
      /there is no file '.*none\.pem'/,
      /hosts\.yml$/,
    ],
    [
      'a shared certificate that only the server has',
      [shared],
      { server: `h1: ${files.replace('NONE', 'ROOT')}` },
      /The shared certificate is on the control node/,
      /--extra-vars$/,
    ],
  ])('%s', async (_what, set, fleet, said, at) => {
    const found = await problems(set, fleet);
    expect(found.map(text)).toEqual([expect.stringMatching(said)]);
    expect(found[0]?.at?.file).toMatch(at);
  });

  test('all of them at once, each where it stands', async () => {
    const found = await problems(['log_client_authentication=anon'], {
      server: 'h1: , h2: ',
      name: '10.0.0.1',
    });
    expect(found.map(({ message }) => message.split(' ').slice(0, 3).join(' ')).sort()).toEqual([
      'With log_client_authentication anon',
      'h2 is in',
      'log_server_name is the',
      'the group log_server',
    ]);
  });

  test.each<[string, Fleet, readonly string[]]>([
    ['the shipped playbook', {}, []],
    ['one host per line of certvalid', {}, ['log_authentication=certvalid']],
    ['all private', {}, ['log_topology=private']],
    [
      'a log server without clients of its own',
      { clients: '', server: 'h1: {rsyslog_server_permitted_peers: [h2]}' },
      [],
    ],
    [
      'a relay, a firewall and rulesets',
      {},
      [
        '{"rsyslog_server_relay_to": [{"target": "central.lab"}], "rsyslog_server_relay_own_lines": true, "rsyslog_server_firewall": true}',
        '{"log_server_rulesets": [{"name": "a", "addresses": ["10.1.*", "fd00::1"], "file": "a/%HOSTNAME%.log", "selector": "*.warning"}]}',
      ],
    ],
    [
      'several log servers, files and limits',
      {},
      [
        '{"rsyslog_client_more_targets": [{"target": "logs.lab", "port": 6515}], "rsyslog_client_target_order": "failover"}',
        '{"rsyslog_client_files": [{"path": "/srv/*/a.log", "tag": "a", "begins": "^[0-9]"}], "rsyslog_server_rate_seconds": 5}',
        '{"rsyslog_client_rate_seconds": 5, "rsyslog_client_input": "journal"}',
      ],
    ],
    ['clients without certificates', {}, ['log_topology=server']],
    ['a root of the control node', {}, ['log_root_file=ROOT']],
    [
      'files for each program and day',
      {},
      ['log_server_file=%$year%/%PROGRAMNAME:::lowercase%.log', 'log_server_layout=single'],
    ],
    [
      'names that logrotate does not see',
      {},
      ['log_server_file=%PROGRAMNAME%', '{"rsyslog_server_rotate": false}'],
    ],
  ])('nothing is refused that works: %s', async (_what, fleet, set) => {
    expect((await problems(set, fleet)).filter(({ code }) => code !== 'warning')).toEqual([]);
  });
});

test.each<[string, readonly string[], readonly RegExp[]]>([
  [
    'certvalid',
    ['log_authentication=certvalid'],
    [/^h1: .*anyone with a valid certificate from the private CA can send lines to h1/],
  ],
  [
    'clients without certificates',
    ['log_topology=server'],
    [/^h1: .*anyone who reaches port 6514 of h1 can send lines/],
  ],
  ['names', [], []],
])('what lets in more than it seems is warned of: %s', async (_what, set, said) => {
  const found = await problems(set);
  expect(found.map(({ code, message }) => [code, message])).toEqual(
    said.map((one) => ['warning', expect.stringMatching(one)]),
  );
});

test.each([
  'log_server_file=../up.log',
  'log_server_file=a/../up.log',
  'log_server_file=/up.log',
  'log_server_directory=/var/log/remote/..',
  'log_server_directory=/var/./log/remote',
  'log_server_directory=/%HOSTNAME%/log',
])('received files stay below their directory: %s', async (set) => {
  const [found, ...more] = await problems([set]);
  expect(more).toEqual([]);
  expect(found?.message).toContain('cannot be');
});
