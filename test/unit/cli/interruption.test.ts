import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchInterruption } from '../../../src/cli/interruption.ts';

function watched() {
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
  return { signals, said, send, state, interruption };
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
