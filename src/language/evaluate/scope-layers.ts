import type { Host, Play, Role, Task, VariableLayer } from '../model.ts';

/** The files' layers around what a host has learnt in the run: those that win over it, and those that it wins over. */
export interface Layers {
  /** Best first. */
  readonly aboveMemory: readonly VariableLayer[];
  readonly aboveFacts: readonly VariableLayer[];
  readonly belowFacts: readonly VariableLayer[];
}

/** What the roles of a play and the play itself give to its tasks of one role. */
interface PlayLayers {
  readonly vars: readonly VariableLayer[];
  readonly defaults: readonly VariableLayer[];
}

// Every task on every host asks: it is the same for all of a role.
const byPlay = new WeakMap<Play, Map<Role | undefined, PlayLayers>>();

// A role that is used several times brings the same variables each time; those that are nearer come first.
function distinct(layers: readonly VariableLayer[]): readonly VariableLayer[] {
  return [...new Set(layers)].filter(({ variables }) => variables.size > 0);
}

function layersOfPlay(play: Play, role: Role | undefined): PlayLayers {
  const known = byPlay.get(play) ?? new Map<Role | undefined, PlayLayers>();
  byPlay.set(play, known);
  const found = known.get(role);
  if (found) return found;
  const others = play.roles.filter((one) => one !== role).reverse();
  const roles = role ? [role, ...others] : others;
  const made = {
    vars: distinct([...roles.flatMap(({ vars, entryVars }) => [vars, entryVars]), ...play.vars.toReversed()]),
    defaults: distinct(roles.map(({ defaults }) => defaults)),
  };
  known.set(role, made);
  return made;
}

function withoutPlay(role: Role | undefined): PlayLayers {
  return role ? { vars: [role.vars, role.entryVars], defaults: [role.defaults] } : { vars: [], defaults: [] };
}

/** Orders all layers that a task on a host sees; docs/variables.md lists the same order. */
export function layersOf(host: Host | undefined, play: Play | undefined, task: Task | undefined): Layers {
  const role = task?.role;
  const { vars, defaults } = play ? layersOfPlay(play, role) : withoutPlay(role);
  const own = task?.vars ?? [];
  const ofHost = host?.layers ?? [];
  return {
    aboveMemory: role ? [role.parameters] : [],
    aboveFacts: own.length === 0 ? vars : [...own.toReversed(), ...vars],
    belowFacts: ofHost.length === 0 ? defaults : [...ofHost.toReversed(), ...defaults],
  };
}
