import type { HostRecap, RunEvent, Status, TaskResult } from '../../../src/runner/events.ts';
import type { CommandResult } from './process.ts';

/** A run with `--json`: its events beside how it ended. */
export interface EventRun extends CommandResult {
  readonly events: readonly RunEvent[];
}

/** Reads what `--json` printed; throws with all that was said when a line is no event. */
export function readEvents(result: CommandResult): EventRun {
  try {
    const events = result.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RunEvent);
    return { ...result, events };
  } catch (error) {
    throw new Error(`not NDJSON (${error}), code ${result.code}: ${result.stdout}${result.stderr}`);
  }
}

/** Results of tasks and handlers, in the order of the run. */
export function taskResults({ events }: EventRun): readonly TaskResult[] {
  return events.filter((event) => event.type === 'task-result');
}

/** `host: name` of every result with that status. */
export function named(run: EventRun, status: Status): readonly string[] {
  return taskResults(run)
    .filter((result) => result.status === status)
    .map(({ host, name }) => `${host}: ${name}`);
}

/** The recap's counts by host; throws with all that was said when the run never came to it. */
export function recapOf(run: EventRun): { readonly [host: string]: HostRecap } {
  const recap = run.events.find((event) => event.type === 'recap');
  if (!recap) throw new Error(`no recap, code ${run.code}: ${run.stdout}${run.stderr}`);
  return recap.hosts;
}
