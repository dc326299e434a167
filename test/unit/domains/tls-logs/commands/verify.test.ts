import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LineSurvey } from '../../../../../src/domains/tls-logs/commands/verify/line-survey.ts';
import { provingPlaybook } from '../../../../../src/domains/tls-logs/commands/verify/proving-playbook.ts';
import { verificationExitCode } from '../../../../../src/domains/tls-logs/commands/verify/verify-document.ts';
import { verificationText } from '../../../../../src/domains/tls-logs/commands/verify/verify-text.ts';
import type { Task, TaskNode } from '../../../../../src/language/model.ts';
import { loadPlaybook } from '../../../../../src/language/playbook-loader.ts';
import type { RunEvent, TaskResult } from '../../../../../src/runner/events.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { filters, resources } from '../../../../helpers/resources/all-resources.ts';

function tasksOf(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if ('block' in node) return tasksOf(node.block.tasks);
    const { task } = node;
    return task.includes ? [...task.includes.values()].flatMap(tasksOf) : [task];
  });
}

test.each([
  ['home-lab.yml', 'log_line', false],
  ['home-lab.yml', 'log_wire', true],
  ['container-logs.yml', 'container_line', false],
  ['container-logs.yml', 'container_line', true],
])(
  'of %s the proofs are left, as %s, all hosts, and nothing that could change one',
  async (playbook, name, wire) => {
    const file = join(import.meta.dirname, '../../../../../playbooks', playbook);
    const extraVars = ['certbot_agree_tos=true'];
    const options = { inventories: [], extraVars, limit: undefined, tags: [], skipTags: [] };
    const whole = await loadPlaybook(file, { ...options, resources, filters });
    const part = provingPlaybook(whole, resources, wire);
    const tasks = part.plays.flatMap((play) => tasksOf(play.tasks));
    expect([...new Set(tasks.map(({ resource }) => resource))]).toEqual([name]);
    expect(tasks.map(({ checkMode }) => checkMode)).toEqual(tasks.map(() => false));
    expect(part.plays.flatMap(({ handlers }) => handlers)).toEqual([]);
    expect(part.plays.map(({ hosts }) => hosts)).toEqual(whole.plays.map(({ hosts }) => hosts));
    expect(whole.plays.flatMap((play) => tasksOf(play.tasks)).length).toBeGreaterThan(tasks.length);
  },
);

function result(host: string, status: TaskResult['status'], more: Partial<TaskResult> = {}): TaskResult {
  const task = { play: 0, task: '0.0', name: 'proof', resource: 'log_line', changes: [], handler: false };
  return {
    type: 'task-result',
    host,
    status,
    duration: 1,
    message: `${host} -> h1: arrived`,
    ...task,
    ...more,
  };
}
const arrived = (host: string) =>
  result(host, 'ok', {
    result: { milliseconds: 41, version: 'TLSv1.3', cipher: 'AES', fingerprint: 'AA:BB' },
  });
const shown = (host: string, safe: boolean) =>
  result(host, 'ok', {
    resource: 'log_wire',
    message: `${host} -> h1: arrived\n${safe ? 'not ' : ''}readable`,
    result: { milliseconds: 41, wire: { safe } },
  });
const off: RunEvent = { type: 'host-unreachable', host: 'h3', message: 'no route', hint: 'is it on?' };

describe('what came of it', () => {
  test.each<[string, readonly RunEvent[], readonly [string, boolean][], number]>([
    [
      'all arrived',
      [arrived('h2'), arrived('h3')],
      [
        ['h2', true],
        ['h3', true],
      ],
      0,
    ],
    [
      'one did not',
      [arrived('h2'), result('h3', 'failed')],
      [
        ['h2', true],
        ['h3', false],
      ],
      2,
    ],
    ['the second proof is not due', [arrived('h2'), result('h2', 'skipped')], [['h2', true]], 0],
    ['the second proof fails', [arrived('h2'), result('h2', 'failed')], [['h2', false]], 2],
    ['what failed once stays so', [result('h2', 'failed'), arrived('h2')], [['h2', false]], 2],
    ['a client is off', [arrived('h2'), off], [['h2', true]], 4],
    ['one is off, another fails', [result('h2', 'failed'), off], [['h2', false]], 2],
    ['a host is refused', [{ type: 'host-failed', host: 'h2', message: 'locked' }], [['h2', false]], 2],
    ['other tasks do not count', [result('h2', 'ok', { resource: 'debug' })], [], 1],
    [
      'a second log server',
      [arrived('h2'), result('h2', 'failed', { message: 'h2 -> h4: lost' })],
      [
        ['h2', true],
        ['h2', false],
      ],
      2,
    ],
    [
      'a host that failed has said why',
      [result('h2', 'failed'), { type: 'host-failed', host: 'h2', message: 'h2 failed' }],
      [['h2', false]],
      2,
    ],
    [
      'it arrived, and could be read on its way',
      [arrived('h2'), shown('h3', false)],
      [
        ['h2', true],
        ['h3', true],
      ],
      2,
    ],
    ['it arrived, and could not be read', [shown('h2', true)], [['h2', true]], 0],
    ['ok without an arrival is none', [result('h2', 'ok')], [['h2', false]], 2],
  ])('%s', (_what, events, clients, exitCode) => {
    const survey = new LineSurvey(resources);
    for (const event of events) survey.take(event);
    expect(survey.found.clients.map((one) => [one.host, one.arrived])).toEqual(clients);
    expect(verificationExitCode(survey.found)).toBe(exitCode);
  });

  test('a person reads a line for each client, and all in one', () => {
    const survey = new LineSurvey(resources);
    for (const event of [arrived('h2'), result('h4', 'failed', { message: 'h4 -> h1: lost\njournal' }), off])
      survey.take(event);
    expect(verificationText(survey.found, 1234, (_style, text) => text)).toEqual([
      'ok      h2 -> h1: arrived',
      'FAILED  h4 -> h1: lost',
      '        journal',
      'FAILED  h3 is unreachable: no route (is it on?)',
      'of 3 hosts the lines of 1 arrived; 1.2 s; nothing was changed',
    ]);
    expect(survey.found.clients[0]).toMatchObject({
      milliseconds: 41,
      tls: 'TLSv1.3',
      cipher: 'AES',
      fingerprint: 'AA:BB',
    });
  });
});

test('a line that could be read on its way is a failure, and what was seen stands below it', () => {
  const survey = new LineSurvey(resources);
  for (const event of [shown('h2', true), shown('h3', false)]) survey.take(event);
  expect(verificationText(survey.found, 1234, (_style, text) => text)).toEqual([
    'ok      h2 -> h1: arrived',
    '        not readable',
    'FAILED  h3 -> h1: arrived',
    '        readable',
    'the lines of 2 hosts arrived; of 1 host not shown to be unreadable on the wire; 1.2 s; nothing was changed',
  ]);
});

test('a client that sends to two log servers is one host, with a line for each', () => {
  const survey = new LineSurvey(resources);
  const [one, other] = [arrived('h2'), result('h2', 'failed', { message: 'h2 -> h4: lost' })];
  for (const event of [one, { ...arrived('h3'), message: 'h3 -> h1: arrived' }, other]) survey.take(event);
  expect(survey.found.clients.map(({ host, server }) => [host, server])).toEqual([
    ['h2', 'h1'],
    ['h3', 'h1'],
    ['h2', 'h4'],
  ]);
  expect(verificationText(survey.found, 1234, (_style, text) => text).at(-1)).toBe(
    'of 2 hosts the lines of 1 arrived; 1.2 s; nothing was changed',
  );
});

test('lines of a host and of its containers are shown both', () => {
  const survey = new LineSurvey(resources);
  const container = { message: 'h2 -> h1: a container', resource: 'container_line' };
  for (const event of [arrived('h2'), result('h2', 'failed', container)]) survey.take(event);
  expect(survey.found.clients.map(({ resource, arrived: came }) => [resource, came])).toEqual([
    ['log_line', true],
    ['container_line', false],
  ]);
});

test('a playbook without log_line proves nothing, and says so', async () => {
  const site =
    'inventory: { hosts: { me: { ansible_connection: local } } }\nplays:\n- name: all\n  hosts: all\n  gather_facts: false\n  tasks:\n  - { name: no, command: touch made }\n';
  const path = folder({ 'site.yml': site });
  const run = await provision(['verify', 'site.yml'], { cwd: path });
  expect(run.code).toBe(1);
  expect(run.stdout).toContain('the playbook has no task that proves lines of these hosts');
});
