import { Answer } from '../../probes/answer.ts';
import { scriptProbe } from '../../probes/script.ts';
import { printedResult } from '../commands/printed-output.ts';
import type { HostResource } from '../resource.ts';
import {
  type ManagerCommands,
  type ManagerState,
  managerChanges,
  managerQuestion,
  managerScript,
  readManager,
  refuseManager,
  type Wish,
} from './package-manager.ts';

/** What all resources about package managers do alike. */
export function managedPackages<Args>(
  wishOf: (want: Args) => Wish,
  commandsOf: (want: Args) => ManagerCommands,
): Required<
  Pick<HostResource<Args, ManagerState>, 'effect' | 'probe' | 'refuse' | 'diff' | 'steps' | 'result'>
> {
  return {
    effect: 'opaque',
    probe: (want) =>
      scriptProbe({
        script: managerQuestion(commandsOf(want), wishOf(want)),
        parse: (output) => readManager(new Answer(output, 'the packages'), wishOf(want)),
      }),
    refuse: (want, have) => refuseManager(commandsOf(want), wishOf(want), have),
    diff: (want, have) => managerChanges(wishOf(want), have),
    steps: (want, changes, have) =>
      changes.length === 0
        ? []
        : [{ kind: 'script', script: managerScript(commandsOf(want), wishOf(want), have) }],
    result: (want, have, outputs) => ({
      ...printedResult(outputs),
      packages: [...wishOf(want).names],
      ...(outputs.length > 0 && {
        results: (outputs.at(-1)?.stdout ?? '').split('\n').filter(Boolean),
      }),
      ...(have.program !== undefined && { manager: have.program }),
    }),
  };
}

/** The words for states that mean the same. */
export function stateOf(state: string | undefined): Wish['state'] {
  if (state === 'absent' || state === 'removed') return 'absent';
  return state === 'latest' ? 'latest' : 'present';
}
