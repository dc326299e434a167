import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import { firstFalse } from '../evaluate/condition.ts';
import type { HostMemory, HostValue } from '../evaluate/host-memory.ts';
import { loopItems, noItem } from '../evaluate/loop.ts';
import { Scope } from '../evaluate/scope.ts';
import type { Layers } from '../evaluate/scope-layers.ts';
import { NotKnowable, Waits } from '../evaluate/scope-signal.ts';
import type { ScopeWorld } from '../evaluate/scope-world.ts';
import type { Play, Playbook, Task } from '../model.ts';
import { RegisteredVariables, type Visit } from './registered-variables.ts';
import type { TaskView } from './task-view.ts';

/** A host that may come to a task, and whether it surely does. */
export interface Candidate {
  readonly host: string;
  readonly surely: boolean;
  readonly layers: Layers;
}

/** What is known before the first connection: the files. Facts, and what tasks register or set, are pending. */
export function worldBefore(playbook: Playbook, registered = new RegisteredVariables(playbook)): ScopeWorld {
  const values = new Map(
    registered.names().map((name): [string, HostValue] => [name, { kind: 'pending', task: name }]),
  );
  const hosts = [...playbook.inventory.hosts.keys()];
  const memories = new Map(hosts.map((host): [string, HostMemory] => [host, { facts: new Map(), values }]));
  return { playbook, memories, check: false, factsPending: true, activeHosts: (play) => play.hosts };
}

const plainLists: ReadonlySet<string | undefined> = new Set([undefined, 'items', 'list', 'dict']);

/** Which hosts come to a task, as far as the files alone decide it. */
export class Candidates {
  readonly #playbook: Playbook;
  readonly #world: ScopeWorld;

  constructor(playbook: Playbook, registered: RegisteredVariables) {
    this.#playbook = playbook;
    this.#world = worldBefore(playbook, registered);
  }

  /** All hosts of the play within the limit, as if no condition kept any of them away. */
  everyone({ play, task }: Visit, view: TaskView): readonly Candidate[] {
    return play.hosts
      .filter((host) => this.#playbook.limited.has(host))
      .map((host) => ({ host, surely: true, layers: view.layers(this.#playbook, host, play, task) }));
  }

  /** Those that no condition keeps away: one that is false from the inventory alone does. */
  of({ play, task, locals }: Visit, view: TaskView): readonly Candidate[] {
    const unknown = [...locals].map((name) => [name, new Undefined(`'${name}' is not known yet`)] as const);
    const places = new Map<string, unknown>([...unknown, ...noItem(task)]);
    const local = [...places.keys()];
    const judge = (host: string): 'comes' | 'may come' | 'stays away' => {
      const place = { host, play, task, added: new Map(), locals: places };
      try {
        const condition = firstFalse(task.when, new Scope(this.#world, place), this.#playbook);
        return condition === undefined ? 'comes' : 'stays away';
      } catch (error) {
        if (error instanceof TemplateError || error instanceof Waits || error instanceof NotKnowable)
          return 'may come';
        throw error;
      }
    };
    return play.hosts.flatMap((host): Candidate[] => {
      if (!this.#playbook.limited.has(host)) return [];
      const verdict = view.verdict(host, local, task.when, () => judge(host));
      if (verdict === 'stays away' || this.#hasNoItems(host, play, task)) return [];
      return [{ host, surely: verdict === 'comes', layers: view.layers(this.#playbook, host, play, task) }];
    });
  }

  // As with Ansible, nothing of a task is looked at where its loop has no items; lists that are looked up may cost something.
  #hasNoItems(host: string, play: Play, task: Task): boolean {
    if (!task.loop || !plainLists.has(task.loopLookup)) return false;
    const scope = new Scope(this.#world, { host, play, task, added: new Map(), locals: new Map() });
    try {
      return loopItems(task.loop, scope, this.#playbook, task.loopLookup).length === 0;
    } catch (error) {
      if (error instanceof TemplateError || error instanceof Waits || error instanceof NotKnowable)
        return false;
      throw error;
    }
  }
}
