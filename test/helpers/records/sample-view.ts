import type { RunView } from '../../../src/records/pages/run-view.ts';
import type { ResultRecord, RunSummary } from '../../../src/records/run-record.ts';
import { recapOf } from '../report/sample-run.ts';

/** What a lying host may say, to break out of a page, a report or a comment. */
export const hostileText = `</pre><script>alert(1)</script><img src=x onerror=alert(2)>"'&amp; ]]> | \`\`\`\` # [x](javascript:alert(3)) \u0001\ud800`;

const summary: RunSummary = {
  id: 12,
  command: 'apply',
  playbook: '/home/me/logs/home-lab.yml',
  check: false,
  version: '0.1.0',
  started: '2026-11-21T10:00:00.000Z',
  duration: 9400,
  exitCode: 4,
  state: 'ended',
  hosts: 4,
  changed: 5,
  failed: 1,
  unreachable: 1,
};

function result(host: string, name: string, began: number, more: Partial<ResultRecord> = {}): ResultRecord {
  return {
    host,
    play: 1,
    task: `1.${name}`,
    name,
    resource: 'copy',
    handler: false,
    status: 'ok',
    ignored: false,
    began,
    duration: 700,
    changes: [],
    ...more,
  };
}

const before = 'module(load="imtcp")\ninput(type="imtcp" port="514")\n';
const after = before.replace('514', '6514');
const content = {
  attribute: 'content',
  from: 'old',
  to: 'new',
  text: { path: '/etc/rsyslog.d/tls.conf', before, after },
};

function tasksOf(host: string, first: number): readonly ResultRecord[] {
  return [
    result(host, 'Install rsyslog', first, { resource: 'apt' }),
    result(host, 'Write the configuration', first + 700, {
      status: 'changed',
      changes: [content, { attribute: 'mode', to: '0644' }],
    }),
    result(host, 'Only on Fridays', first + 1500, {
      status: 'skipped',
      message: 'friday is false',
      duration: 0,
    }),
    result(host, 'Restart rsyslog', first + 2600, {
      play: 2,
      status: 'changed',
      handler: true,
      changes: [{ attribute: 'state', to: 'restarted' }],
    }),
  ];
}

const seen = { kind: 'certificates', detail: 'served, /etc/rsyslog.d/provision-tls/own, SHA-256 AA:BB' };
const arrived = {
  kind: 'lines that arrived',
  to: 'logs',
  subject: 'A line arrives',
  detail: 'TLSv1.3, TLS_AES_256_GCM_SHA384',
};

/** A run in which everything happened, and a host that lies. */
export const sampleView: RunView = {
  now: new Date('2026-11-21T10:01:00.000Z'),
  earlier: [3, 2, 1].map((id) => ({ ...summary, id, exitCode: id === 2 ? 2 : 0, duration: id * 2500 })),
  run: {
    ...summary,
    plays: [
      { play: 1, name: 'Prepare the hosts' },
      { play: 2, name: 'Prove that lines arrive' },
    ],
    hostRecords: [
      { host: 'logs', connected: 210, recap: recapOf({ ok: 14, changed: 2, skipped: 1, duration: 9100 }) },
      { host: 'h10', connected: 350, recap: recapOf({ ok: 11, changed: 2, skipped: 1, duration: 8800 }) },
      {
        host: 'h2',
        connected: 300,
        recap: recapOf({ ok: 11, changed: 1, failed: 1, ignored: 1, duration: 6800 }),
      },
      { host: 'laptop', recap: recapOf({ unreachable: true, connections: 0, execs: 0 }) },
    ],
    results: [
      ...tasksOf('logs', 250),
      ...tasksOf('h10', 400),
      result('h2', 'Write the configuration', 1000, {
        status: 'changed',
        changes: [{ attribute: hostileText, from: hostileText, to: 'x' }],
      }),
      result('h2', 'Look for an old file', 1800, {
        status: 'failed',
        ignored: true,
        message: 'no such file',
      }),
      result('h2', 'Check it', 2000, {
        status: 'failed',
        item: 'rsyslogd -N1',
        resource: 'command',
        duration: 2400,
        message: 'exit code 1',
        output: { code: 1, stdout: hostileText, stderr: 'rsyslogd: error during parsing file' },
      }),
    ],
    remarks: [
      { kind: 'warning', host: 'logs', message: 'the clock is 3 s ahead of this machine' },
      {
        kind: 'host-unreachable',
        host: 'laptop',
        message: '198.18.0.9:22: no route to host',
        hint: 'switch it on',
      },
      { kind: 'rolled-back', host: 'h2', message: 'put back\n/etc/rsyslog.d/tls.conf' },
    ],
    timings: [],
    noted: [
      { ...seen, host: 'logs', subject: 'logs.lan', ends: '2027-02-18T00:00:00.000Z' },
      { ...seen, host: 'h2', subject: hostileText, ends: '2026-11-20T00:00:00.000Z' },
      { ...seen, subject: 'CN=provision private CA 4c1d2e3f', ends: '2036-01-01T00:00:00.000Z' },
      { ...arrived, host: 'h10', milliseconds: 41 },
      { ...arrived, host: 'h2', milliseconds: 1041 },
    ],
  },
};
