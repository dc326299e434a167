import { type Problem, ProvisionError } from '../../errors/problem.ts';
import type { RunOptions } from '../command-options.ts';

/** Throws ProvisionError for options that only make sense where a run is done. */
export function refuseLocal(options: RunOptions): void {
  const problems = localProblems(options);
  if (problems.length > 0) throw new ProvisionError(problems);
}

/** What of a run's options cannot be left to a fleet. */
export function localProblems(
  options: Pick<RunOptions, 'timings' | 'sshConfig' | 'privateKey' | 'text'>,
): readonly Problem[] {
  const given = [
    ...(options.timings ? ['--timings'] : []),
    ...(options.sshConfig !== undefined ? ['--ssh-config'] : []),
    ...(options.privateKey !== undefined ? ['--private-key'] : []),
    ...(options.text !== undefined ? ['a command without a playbook'] : []),
  ];
  if (given.length === 0) return [];
  return [
    {
      code: 'fleet',
      message: `${given.join(' and ')} cannot be used with --fleet`,
      why: 'keys and settings of ssh are the workers’ own, and times are taken where a run is done',
      hint: 'leave it out; `provision worker` has an --ssh-config of its own',
    },
  ];
}
