import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statusExitCode } from '../../../../../src/domains/tls-logs/commands/status/status-document.ts';
import { statusPlaybook } from '../../../../../src/domains/tls-logs/commands/status/status-playbook.ts';
import { StatusSurvey } from '../../../../../src/domains/tls-logs/commands/status/status-survey.ts';
import {
  ageText,
  bytesText,
  statusText,
} from '../../../../../src/domains/tls-logs/commands/status/status-text.ts';
import { troublesOf } from '../../../../../src/domains/tls-logs/commands/status/status-troubles.ts';
import { certificateSeen } from '../../../../../src/domains/tls-logs/ledger/certificate-observation.ts';
import { serviceSeen } from '../../../../../src/domains/tls-logs/ledger/service-observation.ts';
import type { Task, TaskNode } from '../../../../../src/language/model.ts';
import { loadPlaybook } from '../../../../../src/language/playbook-loader.ts';
import { paintWith } from '../../../../../src/report/paint.ts';
import type { Json } from '../../../../../src/resources/resource.ts';
import type { RunEvent } from '../../../../../src/runner/events.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { resultOf } from '../../../../helpers/report/sample-run.ts';
import { filters, resources } from '../../../../helpers/resources/all-resources.ts';

function tasksOf(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => ('block' in node ? tasksOf(node.block.tasks) : [node.task]));
}

test('of home-lab.yml only what looks is left', async () => {
  const file = join(import.meta.dirname, '../../../../../playbooks/home-lab.yml');
  const options = { inventories: [], extraVars: [], limit: undefined, tags: [], skipTags: [] };
  const whole = await loadPlaybook(file, { ...options, resources, filters });
  const part = statusPlaybook(whole, resources);
  const tasks = part.plays.flatMap((play) => tasksOf(play.tasks));
  const left = tasks.flatMap((task) =>
    task.includes ? [...task.includes.values()].flatMap(tasksOf) : [task],
  );
  expect([...new Set(left.map(({ resource }) => resource))].toSorted()).toEqual([
    'log_health',
    'trust_state',
  ]);
  expect(
    left.filter(({ resource }) => resource === 'log_health').every(({ checkMode }) => checkMode === false),
  ).toBe(true);
});

test('of container-logs.yml the containers and what they trust are left, and the look that they read', async () => {
  const file = join(import.meta.dirname, '../../../../../playbooks/container-logs.yml');
  const options = { inventories: [], extraVars: [], limit: undefined, tags: [], skipTags: [] };
  const extraVars = ['{"certbot_agree_tos": true}'];
  const whole = await loadPlaybook(file, { ...options, extraVars, resources, filters });
  const part = statusPlaybook(whole, resources);
  const left = new Set(part.plays.flatMap((play) => tasksOf(play.tasks)).map(({ resource }) => resource));
  // The look is one that `when` of a container_loaded reads.
  expect([...left].toSorted()).toEqual(['container_loaded', 'container_trust', 'stat']);
});

const now = new Date('2026-11-21T10:00:00.000Z');
const disk = { total: 1000, free: 500 };
const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', verified: '0 (ok)', trouble: '' };
const client = { daemon: 'active', queued: 0, ends: '2027-02-18T00:00:00.000Z', disk };
const log = { age: 4, daemon: 'active', ends: '2027-02-18T00:00:00.000Z', disk, encryption: 'none' };

function seen(host: string, more: { readonly [key: string]: Json } = {}): RunEvent {
  return resultOf(host, 'look', {
    resource: 'log_health',
    result: { server: 'h1', tls, client, log, ...more },
  });
}

const limits = { silentHours: 24, warnDays: 14 };
const commands = { apply: 'APPLY', verify: 'VERIFY', certs: 'CERTS' };
const off: RunEvent = { type: 'host-unreachable', host: 'h9', message: 'no route', hint: 'is it on?' };
const trust: RunEvent = {
  type: 'observation',
  host: 'h1',
  task: 't',
  seen: certificateSeen({ place: '/x', stage: 'deployed', trouble: 'h4 is permitted still' }),
};

const refusal = (message: string): RunEvent =>
  resultOf('h2', 'trust', { resource: 'container_trust', status: 'failed', message });

function service(more: Omit<Parameters<typeof serviceSeen>[0], 'service'>): RunEvent {
  return { type: 'observation', host: 'h2', task: 's', seen: serviceSeen({ service: 'logspout', ...more }) };
}

function looked(events: readonly RunEvent[]) {
  const survey = new StatusSurvey(now, new Set(['container_trust']));
  for (const event of events) survey.take(event);
  const { found } = survey;
  const troubles = troublesOf(found, limits, commands);
  return { ...found, troubles, exitCode: statusExitCode({ ...found, troubles }) };
}

describe('what is wrong', () => {
  test.each<[string, readonly RunEvent[], readonly string[], number]>([
    ['nothing', [seen('h2'), seen('h3')], [], 0],
    ['nothing was looked at', [], [], 1],
    ['a host is off', [seen('h2'), off], [], 4],
    [
      'the log server cannot be asked',
      [resultOf('h2', 'look', { resource: 'log_health', status: 'failed', message: 'lost' })],
      [],
      4,
    ],
    ['other tasks do not count', [resultOf('h2', 'x', { resource: 'debug' })], [], 1],
    [
      'what a second look skips stays',
      [seen('h2'), resultOf('h2', 'x', { resource: 'log_health', status: 'skipped' })],
      [],
      0,
    ],
    [
      'a daemon is down',
      [seen('h2', { client: { ...client, daemon: 'failed' } })],
      ['h2: rsyslogd does not run (failed) | ssh h2 systemctl status rsyslog'],
      2,
    ],
    [
      'no connection',
      [seen('h2', { tls: { ...tls, version: '', trouble: 'Connection refused' } })],
      ['h2: no safe connection to h1: Connection refused | VERIFY'],
      2,
    ],
    [
      'no trust',
      [seen('h2', { tls: { ...tls, verified: '19 (self-signed)' } })],
      ['h2: no safe connection to h1: the served certificate is not trusted: 19 (self-signed) | VERIFY'],
      2,
    ],
    [
      'no TLS',
      [seen('h2', { tls: {} })],
      ['h2: no safe connection to h1: it does not speak TLS | VERIFY'],
      2,
    ],
    [
      'a queue',
      [seen('h2', { client: { ...client, queued: 4096 } })],
      ['h2: 4.1 kB wait on its disk to be sent | VERIFY'],
      2,
    ],
    [
      'a queue in memory',
      [seen('h2', { client: { ...client, waiting: 12, discarded: 3 } })],
      [
        'h2: 12 lines in its memory wait to be sent | VERIFY',
        'h2: 3 lines were lost: its queue was full | raise rsyslog_client_queue_max_disk, then apply',
      ],
      2,
    ],
    ['an empty queue', [seen('h2', { client: { ...client, waiting: 0, discarded: 0 } })], [], 0],
    [
      'silence',
      [seen('h2', { log: { ...log, age: 90_000 } })],
      ['h2: its last line came to h1 25 h ago | VERIFY'],
      2,
    ],
    ['no line at all', [seen('h2', { log: { daemon: 'active' } })], ['h2: h1 has no line of it | VERIFY'], 2],
    [
      'a full disk',
      [seen('h2', { log: { ...log, disk: { total: 1000, free: 99 } } })],
      ['h1: its disk is nearly full: 99 B of 1.0 kB are free | ssh h1 df -h'],
      2,
    ],
    [
      'an end that is near',
      [seen('h2', { client: { ...client, ends: '2026-11-22T12:00:00.000Z' } })],
      ['h2: its certificate ends in 1 day | CERTS'],
      2,
    ],
    [
      'an end that was',
      [seen('h2', { client: { ...client, ends: '2026-11-20T12:00:00.000Z' } })],
      ['h2: its certificate has ended | CERTS'],
      2,
    ],
    ['a service that runs', [service({ state: 'running', started: '2026-11-21T09:00:00.000Z' })], [], 0],
    [
      'a service that does not',
      [service({ state: 'exited', trouble: 'logspout does not run: its container is exited' })],
      ['h2: logspout does not run: its container is exited | APPLY'],
      2,
    ],
    [
      "Docker's disk",
      [service({ state: 'running', disk: { total: 100_000_000_000, free: 2_000_000_000 } })],
      ["h2: Docker's disk is nearly full: 2.0 GB of 100 GB are free | ssh h2 df -h"],
      2,
    ],
    [
      'a container that does not trust its server, for two reasons that two tasks find',
      [refusal('no root: mount one\nits clock: set it'), refusal('no root: mount one')],
      ['h2: no root: mount one | APPLY', 'h2: its clock: set it | APPLY'],
      2,
    ],
    ['a rotation', [seen('h2'), trust, off], ['h1: h4 is permitted still | APPLY'], 2],
  ])('%s', (_what, events, troubles, exitCode) => {
    const found = looked(events);
    expect(found.troubles.map(({ host, message, next }) => `${host}: ${message} | ${next}`)).toEqual(
      troubles,
    );
    expect(found.exitCode).toBe(exitCode);
  });
});

describe('the screen', () => {
  const events = [
    seen('h2'),
    seen('h10', { client: { ...client, queued: 5_000_000, daemon: 'failed' }, log: { ...log, age: 7000 } }),
    off,
    trust,
  ];
  test.each([80, 140])('of %i columns', async (width) => {
    const lines = statusText(looked(events), 1234, { paint: paintWith(false), width });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/status-${width}.txt`);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test.each([80, 140])('of containers, in %i columns', async (width) => {
    const reason = 'the server presents its certificate alone: let it present fullchain.pem, not cert.pem';
    const all = [
      service({
        state: 'running',
        started: '2026-11-21T07:00:00.000Z',
        lastData: 4,
        disk: { total: 100_000_000_000, free: 60_000_000_000 },
      }),
      {
        ...service({ state: 'exited', trouble: 'logspout does not run: its container is exited' }),
        host: 'h10',
      },
      refusal(reason),
    ] as const;
    const lines = statusText(looked(all), 900, { paint: paintWith(false), width });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/status-services-${width}.txt`);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test('of a playbook without logs, and of a healthy one', async () => {
    const text = (all: readonly RunEvent[]) =>
      statusText(looked(all), 1000, { paint: paintWith(false), width: 80 }).at(-1);
    expect(text([seen('h2')])).toBe('healthy: 1 log client, 1 log server; 1.0 s; nothing was changed');
    const cwd = folder({
      'site.yml':
        'inventory: { hosts: { h1: {} } }\nplays: [{ hosts: all, tasks: [{ debug: { msg: x } }] }]\n',
    });
    const { code, stdout } = await provision(['status', 'site.yml'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^nothing was looked at: the playbook has no log_line and watches no service/);
  });

  test('again and again with --watch, until Ctrl-C', async () => {
    const prove =
      '{ log_line: { listener: h1, sender: h2, file: /f, name: h2, target: h1, port: 6514, ca: /ca } }';
    const cwd = folder({
      'site.yml': `inventory: { hosts: { h1: {}, h2: {} }, vars: { ansible_host: 127.0.0.1, ansible_port: 1 } }
plays: [{ hosts: all, gather_facts: false, tasks: [${prove}] }]
`,
    });
    let shown = '';
    let ended = false;
    const done = await provision(['status', 'site.yml', '--watch', '1'], {
      cwd,
      onOutput: (text, child) => {
        shown += text;
        if (!ended && shown.split('again every 1 s; Ctrl-C ends').length > 2) ended = child.kill('SIGINT');
      },
    });
    expect(done.code).toBe(130);
    expect(done.stdout).not.toContain('\u001b');
    expect(done.stdout.match(/^not healthy: look at h1, h2; /gm)?.length).toBeGreaterThanOrEqual(2);
  });

  test('numbers as a person reads them', () => {
    expect([0, 999, 1000, 52_300, 9_949_999, 120e9, 5e15].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '52 kB',
      '9.9 MB',
      '120 GB',
      '5000 TB',
    ]);
    expect([0, 59, 60, 3599, 3600, 172_800].map(ageText)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '2 days',
    ]);
  });
});
