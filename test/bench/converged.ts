import type { Timed } from './timed.ts';

/** Refuses a measurement of re-runs in which something changed, each named: it would compare different work. */
export function mustBeConverged(what: string, changed: readonly string[]): void {
  if (changed.length > 0)
    throw new Error(`${what}: changed in a run that should change nothing:\n${changed.join('\n')}`);
}

/** Runs each command in turn, several times, so that a slow moment of the machine hits all alike; milliseconds of each. */
export function inTurn(
  runs: number,
  commands: Readonly<Record<string, () => Timed>>,
  afterEach: () => void = () => {},
): Readonly<Record<string, readonly number[]>> {
  const done: Record<string, number[]> = {};
  for (let run = 0; run < runs; run += 1) {
    for (const [name, command] of Object.entries(commands)) {
      const times = done[name] ?? [];
      times.push(command().time);
      done[name] = times;
    }
    afterEach();
  }
  return done;
}
