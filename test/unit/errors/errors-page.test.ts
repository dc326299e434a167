import { chmodSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { readErrorPage } from '../../../src/cli/explain/error-page.ts';
import { refuseLocal } from '../../../src/cli/fleet/local-options.ts';
import { readPlan } from '../../../src/cli/plan-file/saved-plan.ts';
import { checkReports } from '../../../src/cli/records/report-files.ts';
import { openTerminal } from '../../../src/cli/terminal.ts';
import { caIssue } from '../../../src/domains/tls-logs/commands/ca/ca-issue.ts';
import { caRenew } from '../../../src/domains/tls-logs/commands/ca/ca-renew.ts';
import { caRevoke } from '../../../src/domains/tls-logs/commands/ca/ca-revoke.ts';
import { newPassphrase } from '../../../src/domains/tls-logs/commands/ca/new-passphrase.ts';
import { showSchedule } from '../../../src/domains/tls-logs/commands/schedule/schedule-installing.ts';
import {
  passwordProblem,
  scheduleOf,
} from '../../../src/domains/tls-logs/commands/schedule/schedule-request.ts';
import type { Problem } from '../../../src/errors/problem.ts';
import { unreachableCodes } from '../../../src/errors/problem-codes.ts';
import { Evaluator } from '../../../src/language/evaluate/evaluator.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { install } from '../../../src/schedule/installation.ts';
import type { UnreachableCode } from '../../../src/transport/connection.ts';
import { casesFolder, errorCases, plainOptions } from '../../helpers/errors/error-cases.ts';
import { allCodes, errorsPage, type ProblemSample } from '../../helpers/errors/errors-page.ts';
import { unreachableSamples } from '../../helpers/errors/unreachable-samples.ts';
import { wrongPlaybooks } from '../../helpers/errors/wrong-playbooks.ts';
import { failure } from '../../helpers/jinja/environment.ts';
import { testResources } from '../../helpers/language/test-resources.ts';
import { LocalProject } from '../../helpers/runner/local-run.ts';
import { FakeSystemd } from '../../helpers/schedule/fake-systemd.ts';
import { sampleSchedule } from '../../helpers/schedule/sample-schedule.ts';
import { CaFolder } from '../../helpers/tls-logs/ca-folder.ts';

// Modules of other tests in this process, which know the class as it is, are loaded anew, and so are these after it.
const raised = vi.hoisted(() => {
  vi.resetModules();
  return new Map<string, ProblemSample>();
});
afterAll(() => {
  vi.resetModules();
});

// Commands print their problems and give an exit code: what they throw inside is noted on its way.
vi.mock('../../../src/errors/problem.ts', async (original) => {
  const actual = await original<typeof import('../../../src/errors/problem.ts')>();
  class ProvisionError extends actual.ProvisionError {
    constructor(problems: readonly Problem[], sources: ReadonlyMap<string, string> = new Map()) {
      super(problems, sources);
      for (const problem of problems) note(problem, sources);
    }
  }
  return { ...actual, ProvisionError };
});

// The first of a code counts.
function note(problem: Problem, sources: ReadonlyMap<string, string> = new Map()): void {
  if (!raised.has(problem.code)) raised.set(problem.code, { problem, sources });
}

/** Every playbook of a folder that does not load. */
async function loadCases(): Promise<void> {
  for (const { playbook, options } of errorCases)
    await loadPlaybook(playbook, options).catch(() => undefined);
}

async function loadWrongPlaybooks(project: LocalProject): Promise<void> {
  for (const [code, text] of Object.entries(wrongPlaybooks)) {
    const file = project.write('site.yml', text);
    await loadPlaybook(file, plainOptions).catch(() => undefined);
    expect(raised.has(code), code).toBe(true);
  }
  await loadPlaybook(join(project.path('site.yml'), 'below.yml'), plainOptions).catch(() => undefined);
}

/** What only comes up while a playbook runs. */
async function runPlaybooks(project: LocalProject): Promise<void> {
  const { events } = await project.run(
    '- hosts: all\n  tasks:\n    - name: Break\n      fail: { msg: not today }\n',
  );
  for (const event of events) if (event.type === 'host-failed' && event.problem) note(event.problem);
  for (const template of ['{{ nope }}', '{{ 1 / 0 }}', '{{ rang(3) }}']) {
    const error = failure(template);
    note(error.problem({ file: 'motd.j2', line: 1, column: 1 }), new Map([['motd.j2', template]]));
  }
  const file = project.write(
    'site.yml',
    `inventory: { all: { hosts: { h1: {} } } }
plays:
  - hosts: all
    tasks:
      - command: { cmd: x }
        register: it
        failed_when: it.rc > 1
`,
  );
  const playbook = await loadPlaybook(file, plainOptions);
  const [play] = playbook.plays;
  const [node] = play?.tasks ?? [];
  if (!play || !node || !('task' in node)) throw new Error('no task');
  const values = new Map([['it', { kind: 'pending', task: 'x' } as const]]);
  const evaluator = new Evaluator(playbook, new Map([['h1', { facts: new Map(), values }]]), testResources, {
    check: false,
  });
  const context = { host: 'h1', play, added: new Map() };
  for (const words of ['it.rc > 1', '{{ it }}.rc == 1']) {
    const source = { value: words, at: () => node.task.at };
    const result = evaluator.condition([source], node.task, context);
    if (result.kind === 'failed') note(result.problem, playbook.sources);
  }
}

async function scheduleAndAsk(project: LocalProject): Promise<void> {
  const fake = new FakeSystemd();
  const tool = { version: '0', domains: [], settings: {} };
  const program = { node: 'node', main: 'main.js', directory: project.directory, manager: 'system' as const };
  const options = { color: false, graceDays: 3 };
  const attempt = (more: object) =>
    scheduleOf('site.yml', { ...options, ...more }, program).catch(() => undefined);
  const old = project.write('site.plan', '{"type": "plan", "format": 0}');
  expect(() => readPlan(old)).toThrow('another version');
  const local = {
    timings: true,
    forks: 5,
    becomeUser: 'root',
    connectTimeout: 1,
    shellTimeout: 1,
    color: false,
  };
  expect(() => refuseLocal(local)).toThrow('--timings cannot be used with --fleet');
  expect(() => checkReports(['none/run.html'])).toThrow('no directory none');
  const password = passwordProblem({ ...options, askBecomePass: true });
  if (password) note(password);
  await attempt({ extraVars: ['pin=1'] });
  await attempt({ notify: ['anna'] });
  await attempt({ inventory: ['a b'], name: '-x' });
  project.write('pin', 'secret');
  await attempt({ caPassphraseFile: 'pin', onCalendar: 'never; ever' });
  const comma = { ...program, directory: `${project.directory}/a,b` };
  await scheduleOf('site.yml', { ...options, inventory: ['hosts'] }, comma).catch(() => undefined);
  const file = project.write(
    'plain.yml',
    'inventory: { hosts: { h1: {} } }\nplays: [{ hosts: all, tags: certificates, tasks: [{ debug: { msg: x } }] }]\n',
  );
  const terminal = openTerminal(false);
  await showSchedule(file, options, tool, program, fake.systemd, terminal).catch(() => undefined);
  fake.write(`units/${sampleSchedule.name}.service`, '[Service]\n');
  await install(sampleSchedule, fake.systemd).catch(() => undefined);
  fake.write('fail.enable', 'Failed to enable unit: Access denied\n');
  await fake.systemd.must('enable', 'x.timer').catch(() => undefined);
  fake.write('fail.daemon-reload', 'System has not been booted with systemd as init system (PID 1).\n');
  await fake.systemd.must('daemon-reload').catch(() => undefined);
}

async function certify(project: LocalProject): Promise<void> {
  const ca = new CaFolder();
  const options = { directory: ca.path, color: false, days: 90, out: project.path('out') };
  await caIssue(['phone'], options);
  await ca.issue('h2');
  await ca.sign({ names: ['not a name'] }).catch(() => undefined);
  await caIssue(['phone'], options);
  project.write('out/fullchain.pem', 'x');
  await caIssue(['phone'], options);
  await caIssue(['phone'], { ...options, out: project.path('site.yml/below') });
  await caRevoke('nobody', options);
  await caRenew('h2', { ...options, days: 3 });
  const short = project.write('short', 'x');
  await newPassphrase('--passphrase', true, short).catch(() => undefined);
  chmodSync(short, 0o600);
  await newPassphrase('--passphrase', true, short).catch(() => undefined);
}

// Places of this machine, dates and names that are drawn anew each time have no place on a page.
function settled(text: string, project: LocalProject): string {
  return text
    .replaceAll(project.directory, '/home/anna/lab')
    .replace(/\S+\/provision-ca-\w+/g, '/home/anna/lab')
    .replace(/\S+\/provision-systemd-\w+\/units/g, '/etc/systemd/system')
    .replaceAll(`${casesFolder}/`, '')
    .replaceAll(`${relative(process.cwd(), casesFolder)}/`, '')
    .replace(framed, (_, line: string, text: string, gutter: string, marks: string) =>
      [`${line}${text}`, `${gutter}${marks.slice(0, text.length)}`].join('\n'),
    );
}

// What is underlined may have been longer before its path was cut.
const framed = /^( *> \d+ \| )(.*)\n( +\| )(\^+)$/gm;

test('docs/errors.md has every code, and a problem of each as it came up (npm run golden writes it anew)', async () => {
  const out = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockReturnValue(true),
  );
  const unreachable = new Map(unreachableSamples().map((error) => [error.code, error]));
  const project = new LocalProject().open();
  let text = '';
  try {
    await loadCases();
    await loadWrongPlaybooks(project);
    await runPlaybooks(project);
    await scheduleAndAsk(project);
    await certify(project);
    text = settled(errorsPage(raised, unreachable), project);
  } finally {
    for (const spy of out) spy.mockRestore();
    project.remove();
  }
  expect([...raised.keys()].filter((code) => allCodes[code] === undefined)).toEqual([]);
  await expect(text).toMatchFileSnapshot('../../../docs/errors.md');
}, 120_000);

test('the codes of hosts that cannot be reached are those of the transport', () => {
  const same: Readonly<Record<UnreachableCode, object>> = unreachableCodes;
  const transport: readonly UnreachableCode[] = Object.keys(same) as (keyof typeof unreachableCodes)[];
  expect(transport).toHaveLength(8);
});

test('provision explain has each of them, with its example and what to do', () => {
  const parts = readErrorPage();
  const codes = [...Object.keys(allCodes), ...Object.keys(unreachableCodes)].toSorted();
  expect(parts.map(({ code }) => code).toSorted()).toEqual(codes);
  for (const { code, lines } of parts) {
    expect(
      lines.some((line) => line.startsWith('    ')),
      code,
    ).toBe(true);
    expect(lines.at(-1), code).toMatch(/^What to do: /);
  }
});
