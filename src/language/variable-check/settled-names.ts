import type { Layers } from '../evaluator/scope-layers.ts';
import type { VariableLayer } from '../model.ts';

/** A host that may come to a task, and whether it surely does. */
export interface Candidate {
  readonly host: string;
  readonly surely: boolean;
  readonly layers: Layers;
}

/**
 * Which names have been followed through all their definitions and found whole. What a task sees depends on the hosts
 * that come to it, their layers, and the names that its loops and conditions vouch for: tasks that are equal in
 * these share the answer, since what is registered once stays so for every later task.
 */
export class SettledNames {
  readonly #numbers = new Map<unknown, number>();
  readonly #names = new Map<string, Set<string>>();

  /** The names that are settled for some hosts under some guards, by the names that are there locally. */
  of(
    candidates: readonly Candidate[],
    guards: ReadonlySet<string>,
  ): (locals: ReadonlySet<string>) => Set<string> {
    const hosts = candidates.map(({ host, layers }) => `${this.#number(host)}:${this.#layers(layers)}`);
    const site = `${hosts.join(' ')}|${[...guards].sort().join(' ')}`;
    return (locals) => this.#at(`${site}|${[...locals].sort().join(' ')}`);
  }

  #at(key: string): Set<string> {
    const names = this.#names.get(key) ?? new Set();
    this.#names.set(key, names);
    return names;
  }

  #layers({ aboveMemory, aboveFacts, belowFacts }: Layers): string {
    return [aboveMemory, aboveFacts, belowFacts].map((part) => this.#list(part)).join('/');
  }

  #list(layers: readonly VariableLayer[]): string {
    return layers.map((layer) => this.#number(layer)).join(',');
  }

  #number(thing: unknown): number {
    const number = this.#numbers.get(thing) ?? this.#numbers.size;
    this.#numbers.set(thing, number);
    return number;
  }
}
