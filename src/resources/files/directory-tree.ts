import type { TreeEntries } from '../../probes/path-tree.ts';
import type { Ownership } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { Change } from '../resource.ts';
import { modeText, resolvedMode } from './file-mode.ts';

function differs(want: Ownership, entry: TreeEntries): boolean {
  const owner = want.owner !== undefined && want.owner !== entry.owner && want.owner !== entry.uid;
  const group = want.group !== undefined && want.group !== entry.group && want.group !== entry.gid;
  const mode =
    want.mode !== undefined &&
    !entry.link &&
    resolvedMode(want.mode, entry.mode, entry.directory) !== entry.mode;
  return owner || group || mode;
}

/** How many entries differ, shown as one change. */
export function treeChanges(want: Ownership, tree: readonly TreeEntries[]): Change[] {
  const count = tree.filter((entry) => differs(want, entry)).reduce((sum, entry) => sum + entry.count, 0);
  if (count === 0) return [];
  const { owner, group, mode } = want;
  const octal = mode !== undefined && /^\d+$/.test(mode) ? modeText(resolvedMode(mode, 0, false)) : mode;
  const to = [owner && `owner ${owner}`, group && `group ${group}`, octal && `mode ${octal}`]
    .filter(Boolean)
    .join(', ');
  return [{ attribute: 'tree', from: `${count} ${count === 1 ? 'entry differs' : 'entries differ'}`, to }];
}

/** sh code that sets ownership at and below a directory, links themselves and nothing behind them. */
export function treeOwnScript(path: string, { owner, group, mode }: Ownership): string {
  const target = quote(`${path}/`);
  const lines: string[] = [];
  if (owner !== undefined) lines.push(`chown -hR -- ${quote(owner)} ${target} || exit 1`);
  if (group !== undefined) lines.push(`chgrp -hR -- ${quote(group)} ${target} || exit 1`);
  if (mode !== undefined) {
    const octal = /^(0o?)?[0-7]+$/.test(mode);
    const word = octal ? resolvedMode(mode, 0, false).toString(8).padStart(5, '0') : mode;
    lines.push(`umask 022; chmod -R -- ${quote(word)} ${target} || exit 1`);
  }
  return lines.join('\n');
}
