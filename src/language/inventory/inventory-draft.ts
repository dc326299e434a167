import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import type { VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';
import { hostAndPort } from './host-port.ts';
import { expandHostRange } from './host-range.ts';

/** A group while the inventory is being read. */
export interface GroupDraft {
  readonly name: string;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly layers: VariableLayer[];
  /** Where it was first named. */
  readonly at: Position | undefined;
}

/** Collects hosts and groups from any number of files. */
export class InventoryDraft {
  readonly loading: Loading;
  readonly hosts = new Map<string, VariableLayer[]>();
  readonly groups = new Map<string, GroupDraft>();
  /** Groups that were only named as somebody's child so far. */
  readonly #promised = new Map<string, Position>();

  constructor(loading: Loading) {
    this.loading = loading;
    this.group('all', undefined);
    this.group('ungrouped', undefined);
  }

  /** The group of that name, made if there is none. */
  group(name: string, at: Position | undefined): GroupDraft {
    const known = this.groups.get(name);
    if (known) return known;
    const group: GroupDraft = { name, hosts: new Set(), children: new Set(), layers: [], at };
    this.groups.set(name, group);
    if (at && !/^[A-Za-z0-9_][\w.-]*$/.test(name)) {
      const hint = 'use letters, digits, _ and -';
      this.loading.report({
        code: 'wrong-name',
        message: `'${name}' cannot be the name of a group`,
        at,
        hint,
      });
    }
    return group;
  }

  /** Makes one group part of another; it must be defined somewhere by the end. */
  child(parent: string, name: string, at: Position, defined: boolean): void {
    this.group(parent, at).children.add(name);
    if (!defined && !this.groups.has(name) && !this.#promised.has(name)) this.#promised.set(name, at);
  }

  /** Adds the hosts that a written name stands for, perhaps with a port, to a group. */
  addHosts(written: string, group: string, layer: VariableLayer | undefined, at: Position): void {
    const { name: range, port } = hostAndPort(written);
    const expanded = expandHostRange(range);
    if ('wrong' in expanded) {
      const why = 'a range is [FIRST:LAST] or [FIRST:LAST:STEP], of numbers or of single letters';
      this.loading.report({ code: 'wrong-range', message: `${expanded.wrong} is not a range`, at, why });
      return;
    }
    for (const name of expanded.names) {
      if (!/^\w[\w.:-]*$/.test(name) && !/^[\p{L}\p{N}_][\p{L}\p{N}_.:-]*$/u.test(name)) {
        const hint = 'use letters, digits, dots, _ and -';
        this.loading.report({
          code: 'wrong-name',
          message: `'${name}' cannot be the name of a host`,
          at,
          hint,
        });
        continue;
      }
      const layers = this.hosts.get(name) ?? [];
      if (port !== undefined) {
        const variables = new Map([['ansible_port', new YamlNode(port, at)]]);
        layers.push({ origin: `vars of host ${name}`, variables });
      }
      if (layer && layer.variables.size > 0) layers.push(layer);
      this.hosts.set(name, layers);
      this.group(group, at).hosts.add(name);
    }
  }

  /** Reports groups that were promised as children and never defined, rings, and, as a warning, names that mean two things. */
  finish(): void {
    for (const [name, at] of this.#promised) {
      if (this.groups.has(name)) continue;
      const hint = didYouMean(name, this.groups.keys());
      this.loading.report({
        code: 'unknown-group',
        message: `there is no group '${name}'`,
        at,
        ...(hint && { hint }),
      });
      this.group(name, undefined);
    }
    for (const { name, at } of this.groups.values()) {
      if (!at || !this.hosts.has(name)) continue;
      const place = `${at.file}:${at.line}:${at.column}`;
      this.loading.warnings.push(
        `${place}: '${name}' is a host and a group: where hosts are named, it means the group`,
      );
    }
    for (const { name, at } of this.groups.values()) {
      if (!this.#below(name).has(name)) continue;
      const message = `the group '${name}' is part of itself`;
      this.loading.report({
        code: 'group-ring',
        message,
        ...(at && { at }),
        hint: 'take it out of the children of its children',
      });
      this.groups.get(name)?.children.clear();
    }
  }

  /** All groups inside a group, however deep. */
  #below(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (group: string): void => {
      for (const child of this.groups.get(group)?.children ?? []) {
        if (found.has(child)) continue;
        found.add(child);
        visit(child);
      }
    };
    visit(name);
    return found;
  }
}
