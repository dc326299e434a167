import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Block, Play, Playbook, TaskNode } from '../language/model.ts';

/** Where copies are kept of what a part of a play replaces on a host: a directory below `rollback/`. */
export interface Layer {
  readonly name: string;
  /** All that is changed in it is put back, directories too, also by a later run when this one is killed. */
  readonly all: boolean;
}

// What the name of a directory begins with that outlives its run.
const lasting = 'all-';

/**
 * The layer of a play, or of a block in it that is all or nothing. The name of one that outlives its run says whose it is; any
 * other is dropped by the next run, so that a number is enough.
 */
export function layerOf(playbook: Playbook, play: Play, block?: Block): Layer {
  const all = block?.allOrNothing ?? play.allOrNothing;
  if (!all) return { name: String(play.index), all };
  const place = block ? `${block.at.file}:${block.at.line}` : '';
  const whose = [resolve(playbook.file), play.name, place].join('\n');
  return { name: lasting + createHash('sha256').update(whose).digest('hex').slice(0, 32), all };
}

/** The layers of a play that outlive a run. */
export function lastingLayers(playbook: Playbook, play: Play): ReadonlySet<string> {
  const blocks = blocksOf(play.tasks).map((block) => layerOf(playbook, play, block));
  return new Set([layerOf(playbook, play), ...blocks].flatMap(({ name, all }) => (all ? [name] : [])));
}

function blocksOf(nodes: readonly TaskNode[]): readonly Block[] {
  return nodes.flatMap((node) => {
    if ('task' in node) return [...(node.task.includes?.values() ?? [])].flatMap(blocksOf);
    const { block } = node;
    const inner = blocksOf([...block.tasks, ...block.rescue, ...block.always]);
    return block.allOrNothing ? [block, ...inner] : inner;
  });
}

/** The name of a layer without the number of its part. */
export function layerName(part: string): string {
  return part.replace(/\..*/, '');
}

/** Drops what earlier runs kept for a rollback, and prints the names of what must outlive them. */
export const keptScript = `for provision_kept in "$provision_state"/rollback/*; do
  case \${provision_kept##*/} in
  ${lasting}*) [ ! -d "$provision_kept" ] || printf 'kept %s\\n' "\${provision_kept##*/}" ;;
  *) [ ! -e "$provision_kept" ] || rm -rf -- "$provision_kept" ;;
  esac
done`;

/** The names that the host printed; whatever else it printed is left out. */
export function readKept(output: string): readonly string[] {
  return output
    .split('\n')
    .flatMap((line) => /^kept (all-[0-9a-f]{32}(?:\.\d{1,4})?)$/.exec(line)?.[1] ?? []);
}

/** The layers of one host in the current play, in the order in which they were begun: they are put back from the last to the first. */
export class Layers {
  #all: Layer[] = [];
  #parts = 0;
  readonly #used = new Set<string>();

  /** Begins a play. */
  begin(layer: Layer): void {
    this.#all = [layer];
    this.#parts = 0;
    this.#used.clear();
  }

  /** The one that keeps copies now. */
  get current(): Layer | undefined {
    return this.#all.at(-1);
  }

  /** The last first. */
  get reversed(): readonly Layer[] {
    return this.#all.toReversed();
  }

  /** Notes that something is changed in the current one. */
  use(): void {
    if (this.current) this.#used.add(this.current.name);
  }

  /** Whether something was changed in one of the layers from this one on. */
  usedFrom(layer: Layer): boolean {
    return this.#all.slice(this.#all.indexOf(layer)).some(({ name }) => this.#used.has(name));
  }

  /** Begins a block's own layer. */
  enter(layer: Layer): void {
    this.#all.push(layer);
  }

  /** A block has succeeded: it is a part of what is around it from now on. Gives its directory's names, before and after. */
  join(layer: Layer, outer: Layer): readonly [from: string, to: string] {
    const part = this.#part(outer);
    this.#all = this.#all.map((one) => (one === layer ? part : one));
    if (this.#used.has(layer.name)) this.#used.add(part.name);
    this.#all.push(this.#part(outer));
    return [layer.name, part.name];
  }

  /** Takes off the layers from this one on, for they are put back; the last first. */
  takeFrom(layer: Layer, outer: Layer): readonly Layer[] {
    const taken = this.#all.splice(this.#all.indexOf(layer)).reverse();
    this.#all.push(this.#part(outer));
    return taken;
  }

  #part(outer: Layer): Layer {
    return { name: `${layerName(outer.name)}.${++this.#parts}`, all: outer.all };
  }
}
