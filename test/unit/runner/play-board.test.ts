import { describe, expect, test } from 'vitest';
import { PlayBoard } from '../../../src/runner/play-board.ts';
import { Halted } from '../../../src/runner/task-failure.ts';

const board = (hosts: string[], limit?: number, signal = new AbortController().signal) =>
  new PlayBoard(hosts, limit, signal);

describe('PlayBoard', () => {
  test('a host waits until another has done its part', async () => {
    const play = board(['a', 'b']);
    let done = false;
    const waiting = play.wait('a', () => done);
    done = true;
    play.poke();
    expect(await waiting).toBe(true);
  });

  test('hosts that all wait for each other are reported as such', async () => {
    const play = board(['a', 'b']);
    const both = [play.wait('a', () => false), play.wait('b', () => false)];
    expect(await Promise.all(both)).toEqual([false, false]);
  });

  test('a host that leaves no longer keeps others waiting', async () => {
    const play = board(['a', 'b']);
    const waiting = play.wait('a', () => !play.active.has('b'));
    play.leave('b', false);
    expect(await waiting).toBe(true);
    expect(play.first).toBe('a');
  });

  test('a failure ends the play only above the limit', () => {
    const half = board(['a', 'b', 'c', 'd'], 50);
    half.leave('a', true);
    half.leave('b', true);
    expect(half.halted).toBe(false);
    half.leave('c', true);
    expect(half.halted).toBe(true);
    expect(() => half.check()).toThrow(Halted);
    const strict = board(['a', 'b'], 0);
    strict.leave('a', true);
    expect(strict.halted).toBe(true);
    const patient = board(['a', 'b']);
    patient.leave('a', true);
    expect(patient.halted).toBe(false);
  });

  test('after the failure that ends a play others look until that task is behind them, and begin nothing', () => {
    const play = board(['a', 'b', 'c'], 0);
    play.leave('a', true, 'third');
    expect(() => play.checkPlanning(new Set(['first', 'second']))).not.toThrow();
    expect(() => play.check()).toThrow(Halted);
    expect(() => play.checkPlanning(new Set(['first', 'second', 'third']))).toThrow(Halted);
    play.leave('b', true, 'second');
    expect(() => play.checkPlanning(new Set(['first', 'second']))).toThrow(Halted);
    expect(play.halted).toBe(true);
  });

  test('a failure that ends a play ends the waiting of others', async () => {
    const play = board(['a', 'b'], 0);
    const waiting = play.wait('b', () => false);
    play.leave('a', true, 'third');
    await expect(waiting).rejects.toThrow(Halted);
  });

  test('an interruption wakes those who wait', async () => {
    const controller = new AbortController();
    const play = board(['a', 'b'], undefined, controller.signal);
    const waiting = play.wait('a', () => false);
    controller.abort();
    await expect(waiting).rejects.toThrow(Halted);
    expect(board(['a'], undefined, controller.signal).halted).toBe(true);
  });
});
