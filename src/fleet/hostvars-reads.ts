/** What templates read of other hosts, as far as their texts show it. */
export interface HostvarsReads {
  readonly names: ReadonlySet<string>;
  /** Somewhere the name is computed, or all of another host's variables are handed on. */
  readonly anything: boolean;
}

const looked =
  /\bhostvars\b(?:\s*(?:\.\w+|\[[^[\]]+\])\s*(?:\.(?<dotted>\w+)|\[\s*(?<quote>['"])(?<quoted>\w+)\k<quote>\s*\]))?/g;
const methods = new Set(['get', 'items', 'keys', 'values']);

/** Which variables of other hosts the texts read through `hostvars`. */
export function hostvarsReads(texts: Iterable<string>): HostvarsReads {
  const names = new Set<string>();
  let anything = false;
  for (const text of texts) {
    for (const { groups } of text.matchAll(looked)) {
      const name = groups?.dotted ?? groups?.quoted;
      if (name === undefined || methods.has(name)) anything = true;
      else names.add(name);
    }
  }
  return { names, anything };
}
