import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { LiveView } from '../../../src/report/live-view.ts';
import { Redactor } from '../../../src/report/redaction.ts';
import { openReport, type RunReport } from '../../../src/report/run-report.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { Pauses } from '../../helpers/report/pauses.ts';
import { convergedRun, memoryOutput } from '../../helpers/report/sample-run.ts';
import { screenPicture } from '../../helpers/report/screen-picture.ts';

/** A terminal of 24 lines of 80 columns that both streams write to. */
function memoryTerminal() {
  const output = memoryOutput();
  Object.assign(output.stream, { isTTY: true, columns: 80, rows: 24 });
  return output;
}

async function play(
  report: RunReport,
  events: readonly RunEvent[],
  wait: (event: RunEvent) => Promise<void> = async () => {},
): Promise<void> {
  for (const event of events) {
    report.report(event);
    if (event.type === 'task-start') report.watch?.('h1', { ...event, at: 'task' });
    await wait(event);
  }
  await report.end();
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
    // A host answers; on a busy machine the view may be drawn some time later.
    await play(live, events, async ({ type }) => {
      if (type !== 'task-result') return;
      const ticks = /task number \d {2}[123]\/3 {2}h1/;
      await expect.poll(terminal.text, { timeout: 10_000 }).toMatch(ticks);
    });
    const plain = memoryOutput();
    await play(await openReport({ ...options, live: false, stdout: plain, stderr: plain }), events);
    expect(screenPicture(terminal.text())).toEqual(plain.text().trimEnd().split('\n'));
  });

  it.each([
    [0, 0],
    [80, 1],
    [1, 24],
  ])('on a terminal of %i columns and %i rows writes every line, and ends', async (columns, rows) => {
    const terminal = memoryTerminal();
    Object.assign(terminal.stream, { columns, rows });
    const view = await LiveView.open(terminal, terminal);
    view.running(() => ['1 of 9 tasks, 4 s', '  install packages  1/3  h1 4 s, h2']);
    await expect.poll(terminal.text, { timeout: 10_000 }).toContain('1 of 9 tasks');
    view.progress(['a line']);
    await expect.poll(terminal.text, { timeout: 10_000 }).toContain('a line\n');
    await view.end();
  });

  it('shows rows below one spinner, and nothing once nothing goes on', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    let rows = ['1 of 9 tasks, 4 s', '  install packages  1/3  h1 4 s, h2'];
    view.running(() => rows);
    await shows(terminal, [
      expect.stringMatching(/^\S 1 of 9 tasks, 4 s$/),
      expect.stringMatching(/^ +install packages {2}1\/3 {2}h1 4 s, h2$/),
    ]);
    rows = ['2 of 9 tasks, 5 s'];
    await shows(terminal, [expect.stringMatching(/^\S 2 of 9 tasks, 5 s$/)]);
    view.progress(['a line']);
    await shows(terminal, ['a line', expect.stringMatching(/^\S 2 of 9 tasks, 5 s$/)]);
    rows = [];
    await shows(terminal, ['a line']);
    await view.end();
    expect(screenPicture(terminal.text())).toEqual(['a line']);
  });

  it('is calm with 100 hosts and 30 tasks: fewer than 10 redraws a second, and no pause of 50 ms', async () => {
    const terminal = memoryTerminal();
    const options = { json: false, diff: false, verbose: false, quiet: false, redactor: new Redactor() };
    const plays = new Map([[1, 30]]);
    const report = await openReport({ ...options, plays, live: true, stdout: terminal, stderr: terminal });
    const hosts = Array.from({ length: 100 }, (_, index) => `web${index}.example.net`);
    const write = vi.spyOn(terminal.stream, 'write');
    const pauses = new Pauses();
    const began = performance.now();
    for (const [index, event] of convergedRun(hosts, 30).entries()) {
      report.report(event);
      if (event.type === 'task-result') report.watch?.(event.host, { ...event, at: 'task' });
      // As answers come from hosts: a few at a time, each in a turn of its own.
      if (index % 10 === 0) await sleep(1);
    }
    const seconds = (performance.now() - began) / 1000;
    const redraws = write.mock.calls.length;
    expect(redraws).toBeGreaterThan(0);
    // The icon of what has not begun would flicker whenever lines are written above.
    expect(terminal.text()).not.toContain('◼');
    expect(redraws / Math.max(1, seconds)).toBeLessThan(10);
    expect(pauses.longest).toBeLessThan(50);
    await report.end();
  });

  it('steps aside for a question and comes back', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    view.running(() => ['connecting']);
    await shows(terminal, [expect.stringMatching(/connecting/)]);
    const during = await view.aside(async () => {
      const before = terminal.text();
      view.progress(['a line that waits']);
      await sleep(250);
      return { picture: screenPicture(before), quiet: terminal.text() === before };
    });
    expect(during).toEqual({ picture: [''], quiet: true });
    await shows(terminal, ['a line that waits', expect.stringMatching(/connecting/)]);
    await view.end();
    expect(screenPicture(terminal.text())).toEqual(['a line that waits']);
  });

  it('shows the cursor again at the end', async () => {
    const terminal = memoryTerminal();
    const view = await LiveView.open(terminal, terminal);
    view.running(() => ['a']);
    await shows(terminal, [expect.stringMatching(/^\S a$/)]);
    await view.end();
    expect(terminal.text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      terminal.text().lastIndexOf('\u001b[?25l'),
    );
  });
});
