import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchInterruption } from '../../../src/cli/interruption.ts';

function watched(limit?: number) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const signals = new EventEmitter();
  const said: string[] = [];
  const leave = vi.fn();
  let now = 0;
  const interruption = watchInterruption({
    say: (line) => said.push(line),
    leave,
    limit,
    signals,
    clock: () => now,
  });
  const send = (name: string, later = 1000): void => {
    now += later;
    signals.emit(name);
  };
  const state = (): string =>
    [
      interruption.stop.aborted && 'stop',
      interruption.kill.aborted && 'kill',
      leave.mock.calls.length > 0 && 'left',
    ]
      .filter(Boolean)
      .join(' ');
  return { signals, said, send, state, interruption, leave };
}

describe('signals', () => {
  it('the first stops gently, the second at once, the third leaves', () => {
    const { said, send, state } = watched();
    expect(state()).toBe('');
    send('SIGINT');
    expect(state()).toBe('stop');
    expect(said).toEqual(['interrupted: finishing the steps in flight; press Ctrl-C again to stop at once']);
    send('SIGINT');
    expect(state()).toBe('stop kill');
    expect(said).toHaveLength(2);
    send('SIGINT');
    expect(state()).toBe('stop kill left');
  });

  it.each(['SIGTERM', 'SIGHUP'])('%s counts like Ctrl-C', (signal) => {
    const { send, state } = watched();
    send(signal);
    expect(state()).toBe('stop');
    send('SIGINT');
    expect(state()).toBe('stop kill');
  });

  it('the echo of a signal that npm passes on is no second one', () => {
    const { send, state } = watched();
    send('SIGINT');
    send('SIGINT', 20);
    expect(state()).toBe('stop');
    send('SIGINT', 500);
    expect(state()).toBe('stop kill');
  });

  it('a run that does not end after the second is left after three seconds', () => {
    const { send, state } = watched();
    send('SIGINT');
    send('SIGINT');
    vi.advanceTimersByTime(2900);
    expect(state()).toBe('stop kill');
    vi.advanceTimersByTime(200);
    expect(state()).toBe('stop kill left');
  });

  it('the end of the time stops gently, ten seconds later at once, and three later it is left with its own exit code', () => {
    const { said, state, interruption, leave } = watched(60);
    vi.advanceTimersByTime(59_900);
    expect(state()).toBe('');
    vi.advanceTimersByTime(200);
    expect(state()).toBe('stop');
    expect(interruption.stop.reason).toBe('timeout');
    vi.advanceTimersByTime(10_000);
    expect(state()).toBe('stop kill');
    expect(said).toEqual([
      'the 60 s of this run (--timeout) are over: finishing the steps in flight, for 10 s at most',
      'still not at an end 10 s later: stopping at once; what was in flight may be half done',
    ]);
    vi.advanceTimersByTime(3000);
    expect(state()).toBe('stop kill left');
    expect(leave).toHaveBeenCalledWith(124);
  });

  it('Ctrl-C when the time is over is a second one', () => {
    const { send, state } = watched(1);
    vi.advanceTimersByTime(1000);
    send('SIGINT');
    expect(state()).toBe('stop kill');
  });

  it('the end of the time is one for a run that was interrupted already', () => {
    const { send, state } = watched(5);
    send('SIGINT');
    vi.advanceTimersByTime(15_000);
    expect(state()).toBe('stop kill');
  });

  it('a run that ends in its time is left alone', () => {
    const { state, interruption } = watched(5);
    interruption.end();
    vi.advanceTimersByTime(60_000);
    expect(state()).toBe('');
  });

  it('are given back at the end', () => {
    const { signals, send, state, interruption } = watched();
    interruption.end();
    send('SIGINT');
    expect(state()).toBe('');
    expect(['SIGINT', 'SIGTERM', 'SIGHUP'].reduce((sum, name) => sum + signals.listenerCount(name), 0)).toBe(
      0,
    );
  });
});
