import type { Problem } from '../../../errors/problem.ts';
import type { YamlChild, YamlNode } from './yaml-node.ts';

/** The keys of one mapping as they are read: its own, and those of others that `<<` brings, which never win. */
export class MappingEntries {
  readonly #problems: Problem[];
  readonly #own = new Map<string, YamlChild>();
  readonly #merged = new Map<string, YamlChild>();

  /** @param problems where keys that cannot be taken are noted */
  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  add(key: YamlNode, node: YamlNode): void {
    if (typeof key.value === 'object' && key.value !== null) {
      this.#problems.push({
        code: 'complex-key',
        message: 'a key must be plain text',
        at: key.position,
        why: 'a list or mapping stands before the colon',
        hint: 'put the key in quotes if it is text',
      });
      return;
    }
    const name = String(key.value ?? '');
    const first = this.#own.get(name);
    if (first) {
      this.#problems.push({
        code: 'duplicate-key',
        message: `the key '${name}' stands here a second time`,
        at: key.position,
        why: `the first is on line ${first.keyAt.line}; only one of them can count`,
        hint: 'remove one of them',
      });
    } else this.#own.set(name, { keyAt: key.position, node });
  }

  /** What stands behind `<<`: a mapping, or a list of them, of which the first has its way. */
  merge(node: YamlNode): void {
    const parts = node.isList() ? node.items() : [node];
    for (const part of parts) {
      if (!part.isMapping()) {
        this.#problems.push({
          code: 'wrong-merge',
          message: '<< merges mappings only',
          at: part.position,
          hint: 'name the anchor of a mapping, as in <<: *name',
        });
        continue;
      }
      for (const [name, child] of part.entries()) {
        if (!this.#merged.has(name)) this.#merged.set(name, { keyAt: part.keyAt(name), node: child });
      }
    }
  }

  all(): Map<string, YamlChild> {
    return new Map([...this.#merged, ...this.#own]);
  }
}
