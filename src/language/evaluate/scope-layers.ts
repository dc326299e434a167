import type { Host, Play, Role, Task, VariableLayer } from '../model.ts';

/** The files' layers around what a host has learnt in the run: those that win over it, and those that it wins over. */
export interface Layers {
  /** Best first. */
  readonly aboveMemory: readonly VariableLayer[];
  readonly aboveFacts: readonly VariableLayer[];
  readonly belowFacts: readonly VariableLayer[];
}

function others(play: Play, role: Role | undefined): readonly Role[] {
  return play.roles.filter((one) => one !== role).reverse();
}

/** Orders all layers that a task on a host sees; docs/variables.md lists the same order. */
export function layersOf(host: Host | undefined, play: Play | undefined, task: Task | undefined): Layers {
  const role = task?.role;
  const otherRoles = play ? others(play, role) : [];
  const roles = role ? [role, ...otherRoles] : otherRoles;
  return {
    aboveMemory: role ? [role.parameters] : [],
    aboveFacts: [
      ...(task?.vars ?? []).toReversed(),
      ...roles.map(({ vars }) => vars),
      ...(play?.vars ?? []).toReversed(),
    ],
    belowFacts: [...(host?.layers ?? []).toReversed(), ...roles.map(({ defaults }) => defaults)],
  };
}
