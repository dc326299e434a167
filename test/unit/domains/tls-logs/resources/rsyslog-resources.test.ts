import { describe, expect, test } from 'vitest';
import { logLine } from '../../../../../src/domains/tls-logs/resources/log-line.ts';
import { rsyslogCheck } from '../../../../../src/domains/tls-logs/resources/rsyslog-check.ts';
import { rsyslogDropIn } from '../../../../../src/domains/tls-logs/resources/rsyslog-drop-in.ts';
import { rsyslogInput } from '../../../../../src/domains/tls-logs/resources/rsyslog-input.ts';
import {
  logExcluded,
  logRelayLoop,
  logSelectorFault,
  logSenderAddresses,
} from '../../../../../src/domains/tls-logs/rsyslog-filters.ts';

const main = '/etc/rsyslog.conf';
const remote = '/etc/rsyslog.d/10-remote.conf';
const include = '$IncludeConfig /etc/rsyslog.d/*.conf';
const files = (more: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries({ [main]: include, ...more }));

describe('rsyslog_check', () => {
  const port = { protocol: 'tcp', port: 514, address: '', variable: 'log_port' } as const;
  const want = {
    own: ['/etc/rsyslog.d/10-provision-tls-server.conf'],
    targets: [],
    keep: [],
    dest: '/etc/rsyslog.d/10-provision-tls-server.conf',
    behind: '/etc/rsyslog.d/zz-provision-tls-server.conf',
    content: 'module(load="imtcp")\ninput(type="imtcp")',
    ports: [port],
  };
  const seen = (more: Readonly<Record<string, string>>, ss = '') => {
    const probe = rsyslogCheck.probe(want, { contents: false });
    return probe.read([files(more), { code: 0, stdout: ss, stderr: '' }]);
  };

  test('a host without rsyslog has nothing in the way', () => {
    const state = rsyslogCheck
      .probe(want, { contents: false })
      .read([new Map(), { code: 0, stdout: '', stderr: '' }]);
    expect(rsyslogCheck.refuse?.(want, state)).toEqual([]);
  });

  test('all obstacles at once', () => {
    const ss = 'tcp LISTEN 0 5 0.0.0.0:514 0.0.0.0:* users:(("nginx",pid=1,fd=2))\n';
    const state = seen(
      { [remote]: 'input(type="imtcp" port="514")', [main]: `${include}\n$ModLoad imtcp` },
      ss,
    );
    expect(rsyslogCheck.refuse?.(want, state)).toEqual([
      expect.stringContaining(`${main}:2 loads imtcp after`),
      expect.stringContaining(`${remote}:1 has rsyslogd listen on TCP port 514 already`),
      expect.stringContaining('TCP port 514 is taken by nginx'),
    ]);
  });

  test('its own files are no obstacle, and what else there is can be registered', () => {
    const state = seen({
      [want.dest]: 'module(load="imtcp")\ninput(type="imtcp" port="514")',
      [remote]: '*.* @@a:1\n$AllowedSender TCP, ::1',
    });
    expect(rsyslogCheck.refuse?.(want, state)).toEqual([]);
    expect(rsyslogCheck.result?.(want, state, [])).toMatchObject({
      modules: [],
      forwarders: [{ target: 'a:1', ruleset: '', place: `${remote}:1` }],
      senders: [{ protocol: 'tcp', allowed: ['::1'], place: `${remote}:2` }],
    });
  });
});

describe('rsyslog_input', () => {
  const want = { reads: 'journal' } as const;
  const seen = (more: Readonly<Record<string, string>>) =>
    rsyslogInput.probe(want, { contents: false }).read([files(more)]);

  test('where nothing is to be done nothing is done', () => {
    const state = seen({});
    expect(rsyslogInput.refuse?.(want, state)).toEqual([]);
    expect(rsyslogInput.diff(want, state)).toEqual([]);
  });

  test('each file is one step', () => {
    const state = seen({ [main]: `module(load="imuxsock")\n${include}`, [remote]: 'module(load="imklog")' });
    expect(rsyslogInput.diff(want, state)).toEqual([
      { attribute: 'imuxsock', from: `loaded by ${main}:1`, to: 'not loaded' },
      { attribute: 'imklog', from: `loaded by ${remote}:1`, to: 'not loaded' },
    ]);
    expect(rsyslogInput.steps(want, [], state)).toHaveLength(2);
  });

  test('without rsyslog it cannot be known', () => {
    const state = rsyslogInput.probe(want, { contents: false }).read([new Map()]);
    expect(rsyslogInput.refuse?.(want, state)).toEqual([expect.stringContaining('install rsyslog first')]);
  });
});

test('rsyslog_drop_in moves to where it is read late, and away from where it was', () => {
  const [dest, behind] = ['/etc/rsyslog.d/10-a.conf', '/etc/rsyslog.d/zz-a.conf'];
  const content = 'module(load="imtcp")\ninput(type="imtcp" port="1")\n';
  const want = { src: 'a.j2', dest, behind, source_file: { path: '', content: Buffer.from(content) } };
  const at = (target: string, kind: 'absent' | 'file') => ({
    target,
    stat: { kind, mode: '0644' },
    sum: kind === 'file' ? 'x' : undefined,
  });
  const probe = rsyslogDropIn.probe(want, { contents: false });
  const state = probe.read([
    files({ [remote]: 'module(load="imtcp")' }),
    at(dest, 'file'),
    at(behind, 'absent'),
  ]);
  expect(rsyslogDropIn.refuse?.(want, state)).toEqual([]);
  const changes = rsyslogDropIn.diff(want, state);
  expect(changes).toEqual([
    { attribute: 'state', from: dest, to: behind },
    { attribute: 'state', from: 'absent', to: 'file' },
  ]);
  const steps = rsyslogDropIn.steps(want, changes, state);
  expect(steps).toMatchObject([
    { kind: 'file', path: behind },
    { kind: 'script', script: expect.stringContaining(`rm -f -- ${dest}`) },
  ]);
  expect(Buffer.from((steps[0] as { content: Uint8Array }).content).toString()).toContain(
    `# imtcp is loaded by ${remote}.`,
  );
});

describe('filters', () => {
  test('log_selector_fault', () => {
    expect(logSelectorFault('auth,authpriv.*', [])).toBe('');
    expect(logSelectorFault('*.none', [])).toBe('nothing passes it');
  });

  test('log_excluded', () => {
    const hosts = {
      h2: { ansible_facts: { all_ipv4_addresses: ['198.18.0.2'], all_ipv6_addresses: ['fe80::1'] } },
      h3: {},
    };
    const senders = [{ protocol: 'tcp', allowed: ['127.0.0.1'], place: `${remote}:1` }];
    expect(logExcluded(senders, [hosts, ['h2', 'h3', 'h4'], 'tcp'])).toEqual({
      place: `${remote}:1`,
      hosts: ['h2 (198.18.0.2)'],
      line: '$AllowedSender TCP, 127.0.0.1, 198.18.0.2',
    });
    expect(logExcluded(senders, [hosts, ['h2'], 'udp'])).toEqual({});
    expect(logExcluded([], [hosts, ['h2'], 'tcp'])).toEqual({});
  });
});

test('log_sender_addresses: what is known of who sends, and of whom nothing is', () => {
  const hosts = {
    h2: {
      ansible_facts: {
        all_ipv4_addresses: ['198.18.0.2', '127.0.0.1'],
        all_ipv6_addresses: ['fd00::2', 'fe80::1'],
      },
    },
    h3: { ansible_host: '198.18.0.3' },
    h4: { ansible_host: 'h4.lab' },
    h5: {},
  };
  expect(logSenderAddresses(hosts, [['h2', 'h3', 'h4', 'h5']])).toEqual({
    addresses: ['198.18.0.2', '198.18.0.3', 'fd00::2'],
    unknown: ['h4', 'h5'],
  });
});

test('log_relay_loop: names of the inventory, addresses and the names of logs count', () => {
  const central = {
    ansible_host: '10.0.0.3',
    log_server_name: 'central.lab',
    rsyslog_server_relay_to: [{ target: 'logs.lab' }],
  };
  const hosts = {
    h1: { log_server_name: 'logs.lab', rsyslog_server_relay_to: [{ target: '10.0.0.3' }] },
    h2: {},
    h3: central,
  };
  expect(logRelayLoop(hosts, [['h1', 'h2', 'h3'], 'h1', ['h2']])).toBe('h1 -> h3 -> h1');
  expect(logRelayLoop({ ...hosts, h3: {} }, [['h1', 'h2', 'h3'], 'h1', ['h2']])).toBe('');
});

test('log_line sends with a priority that passes, and says when none does', () => {
  const want = {
    ...{
      listener: 'h1',
      sender: 'h2',
      name: 'h2',
      file: '/f',
      target: 't',
      port: 1,
      server_name: 's',
      ca: '/ca',
    },
    ...{ deployed: '/d', service: 'rsyslog', timeout: 1 },
  };
  expect(logLine.sendScript({ ...want, selector: 'auth,authpriv.*' }, 'token', false)).toContain(
    'logger -p auth.notice -t provision-verify -- token',
  );
  expect(logLine.sendScript({ ...want, selector: '*.none' }, 'token', false)).toContain(
    'lets none through: nothing passes it',
  );
});
