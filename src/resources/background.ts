import { randomInt } from 'node:crypto';
import { backgroundScript } from './commands/background-job.ts';
import type { AnyHostResource, Json } from './resource.ts';
import { stepScript } from './step-script.ts';

interface Began {
  readonly [key: string]: Json;
}

/**
 * A command that is begun and not waited for (`async`, with `poll: 0`); `async_status` looks at what becomes of it.
 * @param seconds after which it is ended on the host
 */
export function inBackground(resource: AnyHostResource, seconds: number): AnyHostResource {
  const jobs = new WeakMap<object, string>();
  const jobOf = (want: object): string => {
    const known = jobs.get(want) ?? `j${randomInt(1, 2 ** 47)}.${process.pid}`;
    jobs.set(want, known);
    return known;
  };
  return {
    ...resource,
    begins: true,
    steps(want, changes, have) {
      const scripts = resource.steps(want, changes, have).map((step) => {
        if (step.kind !== 'script') throw new Error(`${resource.name} cannot run in the background`);
        return stepScript(step);
      });
      if (scripts.length === 0) return [];
      return [{ kind: 'script', script: backgroundScript(jobOf(want), seconds, scripts.join('\n')) }];
    },
    result(want, have, outputs, before): Began {
      const [output] = outputs;
      if (output?.code !== 0) return resource.result?.(want, have, outputs, before) ?? {};
      const file = output.stdout.trim();
      return { ansible_job_id: jobOf(want), started: 1, finished: 0, results_file: file };
    },
  };
}
