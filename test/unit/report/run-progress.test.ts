import { describe, expect, it } from 'vitest';
import { RunProgress } from '../../../src/report/run-progress.ts';
import { standing } from '../../../src/report/task-tally.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { playStart, recapEvent, resultOf, taskStart } from '../../helpers/report/sample-run.ts';

/** What was done after each event: `name: h1 h2`. */
function doneAfter(events: readonly RunEvent[]): readonly string[] {
  const log: string[] = [];
  const progress = new RunProgress((tally) =>
    log.push(`${tally.name}: ${[...tally.results.keys()].join(' ')}`),
  );
  for (const event of events) {
    progress.take(event);
    log.push(event.type === 'task-result' ? `${event.host} ${event.name}` : event.type);
  }
  return log;
}

describe('a task is done', () => {
  it('when all hosts are past it', () => {
    const log = doneAfter([
      playStart(1, 'p', ['h1', 'h2']),
      taskStart('a', 2),
      resultOf('h1', 'a'),
      taskStart('b', 2),
      resultOf('h1', 'b'),
      resultOf('h2', 'a'),
      resultOf('h2', 'b'),
      recapEvent({}),
    ]);
    expect(log).toEqual([
      'play-start',
      'task-start',
      'h1 a',
      'task-start',
      'h1 b',
      'h2 a',
      'a: h1 h2',
      'h2 b',
      'b: h1 h2',
      'recap',
    ]);
  });

  it('not before its loop is over', () => {
    const log = doneAfter([
      playStart(1, 'p', ['h1']),
      taskStart('a', 1),
      resultOf('h1', 'a', { item: '1' }),
      resultOf('h1', 'a', { item: '2' }),
      taskStart('b', 1),
      resultOf('h1', 'b'),
    ]);
    expect(log.indexOf('a: h1')).toBe(5);
  });

  it('without hosts that drop out, before or during the play', () => {
    const log = doneAfter([
      { type: 'host-unreachable', host: 'h3', message: 'gone' },
      playStart(1, 'p', ['h1', 'h2', 'h3']),
      taskStart('a', 2),
      resultOf('h1', 'a'),
      resultOf('h2', 'a', { status: 'failed' }),
      taskStart('b', 1),
      resultOf('h1', 'b'),
      { type: 'host-failed', host: 'h2', message: 'no' },
    ]);
    expect(log.slice(-2)).toEqual(['a: h1 h2', 'host-failed']);
  });

  it('round by round in a serial play', () => {
    const log = doneAfter([
      playStart(1, 'p', ['h1', 'h2']),
      taskStart('a', 1),
      resultOf('h1', 'a'),
      taskStart('b', 1),
      resultOf('h1', 'b'),
      resultOf('h2', 'a'),
      resultOf('h2', 'b'),
      playStart(2, 'q', ['h1', 'h2']),
    ]);
    expect(log.filter((line) => line.includes(':'))).toEqual(['a: h1', 'b: h1', 'a: h2', 'b: h2']);
    expect(log.indexOf('b: h1')).toBe(log.indexOf('h2 a') - 1);
  });

  it('again when a handler runs again', () => {
    const log = doneAfter([
      playStart(1, 'p', ['h1']),
      taskStart('restart', 1, true),
      resultOf('h1', 'restart', { handler: true }),
      taskStart('b', 1),
      resultOf('h1', 'b'),
      resultOf('h1', 'restart', { handler: true }),
      recapEvent({}),
    ]);
    expect(log.filter((line) => line === 'restart: h1')).toHaveLength(2);
  });

  it('never without a result', () => {
    expect(doneAfter([playStart(1, 'p', ['h1']), taskStart('a', 1), recapEvent({})])).not.toContain('a: ');
  });
});

describe('standing', () => {
  it.each([
    [['ok', 'skipped'], 'ok'],
    [['skipped', 'skipped'], 'skipped'],
    [['ok', 'changed'], 'changed'],
    [['changed', 'failed'], 'failed'],
    [['unknown', 'ok'], 'unknown'],
  ] as const)('of %j is %s', (statuses, word) => {
    expect(standing(statuses.map((status) => resultOf('h1', 'a', { status })))).toBe(word);
  });

  it('shows a failure that is let pass', () => {
    expect(standing([resultOf('h1', 'a', { status: 'failed', ignored: true })])).toBe('ignored');
  });
});
