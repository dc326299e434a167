import type { Position } from '../../../errors/problem.ts';
import { isMapping } from '../../../jinja/values/value.ts';
import type { Source } from '../../model.ts';

/** A part of a mapping or list and where its key stands. */
export interface YamlChild {
  readonly keyAt: Position;
  readonly node: YamlNode;
}

const nothing: ReadonlyMap<string, YamlChild> = new Map();

/** A YAML value that remembers where it and each of its parts stand. */
export class YamlNode implements Source {
  readonly value: unknown;
  readonly position: Position;
  readonly #children: ReadonlyMap<string | number, YamlChild>;
  /** How many values hang on it, aliases unfolded. */
  readonly size: number;

  constructor(
    value: unknown,
    position: Position,
    children: ReadonlyMap<string | number, YamlChild> = nothing,
  ) {
    this.value = value;
    this.position = position;
    this.#children = children;
    let size = 1;
    for (const { node } of children.values()) size += node.size;
    this.size = size;
  }

  /** A mapping of these entries; the map becomes the node's own. */
  static mapping(position: Position, children: ReadonlyMap<string, YamlChild>): YamlNode {
    const entries = [...children].map(([key, { node }]) => [key, node.value]);
    return new YamlNode(Object.fromEntries(entries), position, children);
  }

  /** Position of a part; of the nearest parent that is known when the part is not there. */
  at(...path: readonly (string | number)[]): Position {
    const [key, ...rest] = path;
    const child = key === undefined ? undefined : this.#children.get(key);
    return child ? child.node.at(...rest) : this.position;
  }

  /** Position of the key of a part; items of a list have their value's. */
  keyAt(...path: readonly (string | number)[]): Position {
    const [key, ...rest] = path;
    const child = key === undefined ? undefined : this.#children.get(key);
    if (!child) return this.position;
    return rest.length === 0 ? child.keyAt : child.node.keyAt(...rest);
  }

  /** A part of a mapping or list. */
  get(key: string | number): YamlNode | undefined {
    return this.#children.get(key)?.node;
  }

  /** The items of a list; nothing for other values. */
  items(): readonly YamlNode[] {
    return Array.isArray(this.value) ? [...this.#children.values()].map(({ node }) => node) : [];
  }

  /** Keys and values of a mapping in written order; nothing for other values. */
  entries(): readonly (readonly [string, YamlNode])[] {
    if (!this.isMapping()) return [];
    return [...this.#children].map(([key, { node }]) => [String(key), node] as const);
  }

  isMapping(): boolean {
    return isMapping(this.value);
  }

  isList(): boolean {
    return Array.isArray(this.value);
  }

  /** The same place with another value, e.g. after it was coerced. */
  withValue(value: unknown): YamlNode {
    return new YamlNode(value, this.position, this.#children);
  }

  /** A mapping made of parts of others, standing where this one stands. */
  withEntries(entries: Iterable<readonly [string, YamlChild]>): YamlNode {
    return YamlNode.mapping(this.position, new Map(entries));
  }

  /** A list of nodes standing where this one stands. */
  withItems(items: readonly YamlNode[]): YamlNode {
    const children = new Map(items.map((node, index) => [index, { keyAt: node.position, node }] as const));
    return new YamlNode(
      items.map(({ value }) => value),
      this.position,
      children,
    );
  }

  /** The mapping with only some of its keys. */
  only(...keys: readonly string[]): YamlNode {
    const kept = [...this.#children].filter(([key]) => keys.includes(String(key)));
    return this.withEntries(kept.map(([key, child]) => [String(key), child] as const));
  }

  /** The mapping without some of its keys. */
  without(...keys: readonly string[]): YamlNode {
    const kept = [...this.#children].filter(([key]) => !keys.includes(String(key)));
    return this.withEntries(kept.map(([key, child]) => [String(key), child] as const));
  }
}
