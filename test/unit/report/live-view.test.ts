import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LiveView } from '../../../src/report/live-view.ts';
import { Redactor } from '../../../src/report/redaction.ts';
import { openReport, type RunReport } from '../../../src/report/run-report.ts';
import type { TaskTally } from '../../../src/report/task-tally.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { convergedRun, memoryOutput, resultOf } from '../../helpers/report/sample-run.ts';
import { screenPicture } from '../../helpers/report/screen-picture.ts';

/** A terminal of 24 lines of 80 columns that both streams write to. */
function memoryTerminal() {
  const output = memoryOutput();
  Object.assign(output.stream, { isTTY: true, columns: 80, rows: 24 });
  return output;
}

async function play(report: RunReport, events: readonly RunEvent[], gap: number): Promise<void> {
  for (const event of events) {
    report.report(event);
    await sleep(gap);
  }
  await report.end();
}

function tally(name: string, hosts: readonly string[], expected: number): TaskTally {
  const results = new Map(hosts.map((host) => [host, [resultOf(host, name)]]));
  return { play: 1, task: name, name, handler: false, expected, began: performance.now(), results };
}

/** Waits until the terminal shows these lines. */
function shows(terminal: { readonly text: () => string }, lines: readonly unknown[]): Promise<void> {
  return expect.poll(() => screenPicture(terminal.text()), { timeout: 10_000 }).toEqual(lines);
}

describe('the live view', () => {
  it('leaves on the terminal what plain lines would have written', async () => {
    const events = convergedRun(['logs', 'h1', 'h2'], 6);
    const options = { json: false, diff: false, verbose: false, quiet: false, redactor: new Redactor() };
    const terminal = memoryTerminal();
    const live = await openReport({ ...options, live: true, stdout: terminal, stderr: terminal });
    await play(live, events, 15);
    const plain = memoryOutput();
    await play(await openReport({ ...options, live: false, stdout: plain, stderr: plain }), events, 0);
    expect(terminal.text()).toMatch(/task number \d {2}[123]\/3/);
    expect(screenPicture(terminal.text())).toEqual(plain.text().trimEnd().split('\n'));
  });

  it('counts hosts in one row for each running task, at most eight of them', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    let running: readonly TaskTally[] = [tally('install packages', ['h1'], 10)];
    view.running(() => running);
    await shows(terminal, [expect.stringMatching(/^\S install packages {2}1\/10$/)]);
    running = [tally('install packages', ['h1', 'h2', 'h3'], 10)];
    await shows(terminal, [expect.stringMatching(/^\S install packages {2}3\/10$/)]);
    running = Array.from({ length: 12 }, (_, index) => tally(`task ${index}`, [], 3));
    const rows = Array.from({ length: 8 }, (_, index) => expect.stringMatching(`^\\S task ${index} {2}0/3$`));
    await shows(terminal, [...rows, expect.stringMatching(/^\S and 4 more$/)]);
    await view.end();
    expect(screenPicture(terminal.text())).toEqual(['']);
  });

  it('draws at most about ten times a second, whatever comes', async () => {
    const terminal = memoryTerminal();
    const report = await openReport({
      json: false,
      live: true,
      diff: false,
      verbose: false,
      quiet: false,
      redactor: new Redactor(),
      stdout: terminal,
      stderr: terminal,
    });
    const hosts = Array.from({ length: 10 }, (_, index) => `host${index}`);
    const began = performance.now();
    await play(report, convergedRun(hosts, 60), 1);
    const tenths = (performance.now() - began) / 100;
    // Each list is drawn when it begins and when its spinner turns.
    const draws = terminal.text().match(/\u001b\[\?25l/g)?.length ?? 0;
    expect(draws).toBeGreaterThan(0);
    expect(draws).toBeLessThan(3 * tenths + 5);
  });

  it('steps aside for a question and comes back', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    view.running(() => [tally('connect', [], 2)]);
    await shows(terminal, [expect.stringMatching(/connect {2}0\/2/)]);
    const during = await view.aside(async () => {
      const before = terminal.text();
      view.progress(['a line that waits']);
      await sleep(250);
      return { picture: screenPicture(before), quiet: terminal.text() === before };
    });
    expect(during).toEqual({ picture: [''], quiet: true });
    await shows(terminal, ['a line that waits', expect.stringMatching(/connect {2}0\/2/)]);
    await view.end();
    expect(screenPicture(terminal.text())).toEqual(['a line that waits']);
  });

  it('shows the cursor again at the end', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    view.running(() => [tally('a', [], 1)]);
    await shows(terminal, [expect.stringMatching(/a {2}0\/1/)]);
    await view.end();
    expect(terminal.text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      terminal.text().lastIndexOf('\u001b[?25l'),
    );
  });
});
