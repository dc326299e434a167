import { Writable } from 'node:stream';
import { paintWith } from '../../../src/report/paint.ts';
import type { Output } from '../../../src/report/screen.ts';
import type { HostRecap, RunEvent, TaskResult } from '../../../src/runner/events.ts';

/** An output whose text can be read back; 80 columns, no colour unless wished. */
export function memoryOutput(
  colour = false,
  { width = 80, terminal = false }: { readonly width?: number; readonly terminal?: boolean } = {},
): Output & { readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return {
    stream: Object.assign(stream, { isTTY: terminal }) as unknown as NodeJS.WriteStream,
    paint: paintWith(colour),
    width,
    text: () => chunks.join(''),
  };
}

/** A result of one task on one host. */
export function resultOf(host: string, name: string, more: Partial<TaskResult> = {}): TaskResult {
  return {
    type: 'task-result',
    host,
    play: 1,
    task: `1.tasks.${name}`,
    name,
    resource: 'copy',
    status: 'ok',
    changes: [],
    handler: false,
    duration: 12,
    ...more,
  };
}

/** The counts of a host for a recap; zeros where nothing is said. */
export function recapOf(counts: Partial<HostRecap> = {}): HostRecap {
  return {
    ok: 0,
    changed: 0,
    skipped: 0,
    failed: 0,
    unknown: 0,
    unreachable: false,
    rescued: 0,
    ignored: 0,
    duration: 1234,
    connections: 1,
    execs: 2,
    verifyExecs: 0,
    ...counts,
  };
}

/** The first event of a run. */
export function runStart(hosts: readonly string[], check = false): RunEvent {
  return {
    type: 'run-start',
    format: 2,
    version: '0.1.0',
    playbook: 'playbooks/home-lab.yml',
    check,
    hosts,
    started: '2026-11-21T10:00:00.000Z',
  };
}

/** A play begins. */
export function playStart(play: number, name: string, hosts: readonly string[]): RunEvent {
  return { type: 'play-start', play, name, hosts };
}

/** The first host has come to a task. */
export function taskStart(name: string, hosts: number, handler = false, play = 1): RunEvent {
  return { type: 'task-start', play, task: `1.tasks.${name}`, name, hosts, handler };
}

/** The last event of a run. */
export function recapEvent(hosts: Readonly<Record<string, HostRecap>>, exitCode = 0): RunEvent {
  return { type: 'recap', hosts, duration: 2345, exitCode };
}

const hosts = ['logs', 'h1', 'h2'];
const conf = (peers: string): string =>
  [
    'module(load="imtcp")',
    'ruleset(name="remote") {',
    '  action(type="omfile" file="/var/log/remote/all.log")',
    '}',
    `input(type="imtcp" port="6514" PermittedPeer=[${peers}])`,
    '',
  ].join('\n');

/** A first apply on three hosts: changes, a loop, a handler, a proof; h2 cannot be reached and h1 fails. */
export function troubledRun(check = false): readonly RunEvent[] {
  const packages = { attribute: 'rsyslog-openssl', from: 'absent', to: '8.2504.0-1' };
  return [
    runStart(hosts, check),
    {
      type: 'host-unreachable',
      host: 'h2',
      message: 'connect to 10.0.0.12 port 22: connection refused',
      hint: 'is sshd running there? `ssh h2` shows more',
    },
    playStart(1, 'Set up the log server and its clients', hosts),
    taskStart('gather facts', 2),
    resultOf('logs', 'gather facts'),
    resultOf('h1', 'gather facts'),
    taskStart('install rsyslog and rsyslog-openssl', 2),
    resultOf('logs', 'install rsyslog and rsyslog-openssl', { status: 'changed', changes: [packages] }),
    resultOf('h1', 'install rsyslog and rsyslog-openssl', { status: 'changed', changes: [packages] }),
    taskStart('make directories for certificates', 2),
    ...['logs', 'h1'].flatMap((host) =>
      ['/etc/rsyslog.d/provision-tls', '/var/log/remote'].map((item) =>
        resultOf(host, 'make directories for certificates', {
          status: host === 'logs' && item === '/var/log/remote' ? 'changed' : 'ok',
          item,
          changes:
            host === 'logs' && item === '/var/log/remote'
              ? [{ attribute: 'state', from: 'absent', to: 'directory' }]
              : [],
        }),
      ),
    ),
    taskStart('write the server configuration', 2),
    resultOf('logs', 'write the server configuration', {
      status: 'changed',
      changes: [
        {
          attribute: 'content',
          text: { path: '/etc/rsyslog.d/10-server.conf', before: conf('"h1"'), after: conf('"h1", "h2"') },
        },
        { attribute: 'mode', from: '0644', to: '0600' },
      ],
    }),
    resultOf('h1', 'write the server configuration', {
      status: 'skipped',
      message: "condition false: inventory_hostname in groups['server']",
    }),
    taskStart('restart rsyslog', 2, true),
    check
      ? resultOf('logs', 'restart rsyslog', {
          status: 'unknown',
          handler: true,
          dependsOn: ['install rsyslog and rsyslog-openssl', 'write the server configuration'],
        })
      : resultOf('logs', 'restart rsyslog', { status: 'changed', handler: true }),
    resultOf('h1', 'restart rsyslog', {
      status: 'failed',
      handler: true,
      message: 'systemctl restart rsyslog: exit code 1',
      output: {
        code: 1,
        stdout: '',
        stderr:
          'Job for rsyslog.service failed because the control process exited with error code.\nSee "systemctl status rsyslog.service" and "journalctl -xeu rsyslog.service" for details.\n',
      },
    }),
    {
      type: 'rolled-back',
      host: 'h1',
      files: ['/etc/rsyslog.d/20-client.conf'],
      message: 'the files of this play were put back, rsyslog was restarted on them',
    },
    {
      type: 'host-failed',
      host: 'h1',
      message: 'rsyslog did not start on its new configuration',
      problem: {
        code: 'task-failed',
        message: 'x',
        at: { file: 'roles/rsyslog_client/handlers/main.yml', line: 3, column: 5 },
        why: 'the daemon found an error that its own check does not find',
        hint: 'read `journalctl -u rsyslog -n 20` on h1',
      },
    },
    taskStart('prove that a line arrives', 1),
    resultOf('logs', 'prove that a line arrives', {
      message:
        'logs -> logs: arrived in 84 ms, TLSv1.3, TLS_AES_256_GCM_SHA384, served certificate = deployed certificate',
    }),
    recapEvent(
      {
        logs: recapOf({
          ok: check ? 4 : 6,
          changed: check ? 3 : 4,
          unknown: check ? 1 : 0,
          execs: 4,
          verifyExecs: check ? 0 : 1,
        }),
        h1: recapOf({ ok: 2, changed: 1, skipped: 1, failed: 1, execs: 3 }),
        h2: recapOf({ unreachable: true, connections: 0, execs: 0, duration: 5012 }),
      },
      4,
    ),
  ];
}

/** A converged re-run: nothing changes anywhere. */
export function convergedRun(names: readonly string[], tasks: number): readonly RunEvent[] {
  const events: RunEvent[] = [runStart(names), playStart(1, 'Set up the log server and its clients', names)];
  for (let task = 1; task <= tasks; task++) {
    events.push(taskStart(`task number ${task}`, names.length));
    for (const host of names) events.push(resultOf(host, `task number ${task}`));
  }
  const recaps = names.map((host) => [host, recapOf({ ok: tasks, duration: 800 })] as const);
  return [...events, recapEvent(Object.fromEntries(recaps))];
}
