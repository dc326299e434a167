import type { Joining, Playbook } from '../language/model.ts';
import type { InventoryAddition } from '../resources/resource.ts';

/** The playbook of a run, whose inventory grows by what its tasks add; every play has the hosts that there are when it begins. */
export class GrowingPlaybook {
  readonly playbook: Playbook;
  readonly #growth: Playbook['growth'];
  readonly #joined: Joining[] = [];
  readonly #untold: string[] = [];
  #now: Pick<Playbook, 'inventory' | 'limited' | 'plays'>;
  #begun = 0;

  constructor(playbook: Playbook) {
    const { inventory, limited, plays, growth } = playbook;
    this.#growth = growth;
    this.#now = { inventory, limited, plays };
    const now = () => this.#now;
    this.playbook =
      growth === undefined
        ? playbook
        : Object.defineProperties(
            { ...playbook },
            {
              inventory: { enumerable: true, get: () => now().inventory },
              limited: { enumerable: true, get: () => now().limited },
              plays: { enumerable: true, get: () => now().plays },
            },
          );
  }

  /** Whether later plays may have hosts that nobody knows yet. */
  get grows(): boolean {
    return this.#growth !== undefined;
  }

  /** Tasks of which a plan cannot know what they would add. */
  get untold(): readonly string[] {
    return this.#untold;
  }

  /** A play begins: its hosts stay as they are. */
  begin(play: number): void {
    this.#begun = play;
  }

  /** Notes a task of which a plan cannot know what it would add. */
  cannotTell(task: string): void {
    this.#untold.push(task);
  }

  /** Adds what a task on a host wants; false when all of it is there already. */
  join(host: string, addition: InventoryAddition, at: Playbook['plays'][number]['at']): boolean {
    const joining = joiningOf(addition.host ?? host, addition, at);
    if (!this.#growth || !this.#isNew(joining)) return false;
    this.#joined.push(joining);
    const { inventory, limited, hosts } = this.#growth.with(this.#joined);
    const plays = this.#now.plays.map((play) =>
      play.index > this.#begun ? { ...play, hosts: hosts.get(play.index) ?? play.hosts } : play,
    );
    this.#now = { inventory, limited, plays };
    return true;
  }

  #isNew({ host, groups, parents, variables }: Joining): boolean {
    const { inventory } = this.#now;
    const known = inventory.hosts.get(host);
    if (!known) return true;
    const isIn = (group: string) => inventory.groups.get(group)?.includes(host) === true;
    const isPartOf = (group: string, parent: string) =>
      inventory.children?.get(parent)?.includes(group) === true || parent === group;
    if (!groups.every((group) => isIn(group) && parents.every((parent) => isPartOf(group, parent))))
      return true;
    return [...variables.variables].some(([name, { value }]) => {
      const own = known.layers.findLast((layer) => layer.variables.has(name));
      return JSON.stringify(own?.variables.get(name)?.value) !== JSON.stringify(value);
    });
  }
}

function joiningOf(
  host: string,
  { groups, parents, variables }: InventoryAddition,
  at: Playbook['plays'][number]['at'],
): Joining {
  const sources = Object.entries(variables).map(([name, value]) => [name, { value, at: () => at }] as const);
  return {
    host,
    groups,
    parents,
    variables: { origin: `add_host of ${host}`, variables: new Map(sources) },
  };
}
