import type { Inventory } from '../../language/model.ts';
import { byName } from '../../report/host-list.ts';
import { jsonText } from '../../report/json-text.ts';
import { writeLines } from '../../report/screen.ts';
import type { RunOptions } from '../command-options.ts';
import { loadFor } from '../loaded-playbook.ts';
import { openTerminal } from '../terminal.ts';
import type { Tool } from '../tool.ts';
import { adhocFile, adhocOptions } from './adhoc-playbook.ts';

/** `provision inventory`: groups and hosts as provision reads them; returns the exit code. */
export async function inventory(pattern: string, options: RunOptions, tool: Tool): Promise<number> {
  const terminal = openTerminal(options.color);
  const { stdout, stderr } = terminal;
  const looking = adhocOptions(pattern, { debug: { msg: '' } }, options);
  const playbook = await loadFor(adhocFile, looking, tool, terminal);
  if (!playbook) return 1;
  writeLines(
    stderr,
    playbook.warnings.map((warning) => `${stderr.paint('yellow', 'warning:')} ${warning}`),
  );
  const { hosts, groups } = playbook.inventory;
  if (options.json) {
    const known = [...hosts.values()].filter(({ name }) => playbook.limited.has(name));
    const document = {
      hosts: Object.fromEntries(known.map(({ name, groups: of }) => [name, { groups: of }])),
      groups: Object.fromEntries(
        [...groups].map(([name, members]) => [name, members.filter((host) => playbook.limited.has(host))]),
      ),
    };
    writeLines(stdout, [jsonText(document, 2)]);
  } else writeLines(stdout, inventoryGraph(playbook.inventory, playbook.limited));
  return hosts.size === 0 ? 1 : 0;
}

/** The tree that `ansible-inventory --graph` draws: groups with `@`, below them the groups and hosts in each. */
function inventoryGraph(
  { groups, children = new Map() }: Inventory,
  shown: ReadonlySet<string>,
): readonly string[] {
  const inner = new Set([...children.values()].flat());
  const outer = [...groups.keys()].filter((name) => name !== 'all' && !inner.has(name));
  const lines = (name: string, depth: number): readonly string[] => {
    const below =
      name === 'all' ? [...new Set([...(children.get('all') ?? []), ...outer])] : (children.get(name) ?? []);
    const inBelow = new Set(below.flatMap((child: string) => groups.get(child) ?? []));
    const own = (groups.get(name) ?? []).filter((host) => shown.has(host) && !inBelow.has(host));
    const lead = `${'  |'.repeat(depth)}--`;
    return [
      `${depth === 0 ? '' : lead}@${name}:`,
      ...below
        .filter((child: string) => (groups.get(child) ?? []).some((host) => shown.has(host)))
        .toSorted(byName)
        .flatMap((child: string) => lines(child, depth + 1)),
      ...own.toSorted(byName).map((host) => `${'  |'.repeat(depth + 1)}--${host}`),
    ];
  };
  return lines('all', 0);
}
