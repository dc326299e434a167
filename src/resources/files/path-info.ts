import { readStatLine, statFormat } from '../../probes/file-stat.ts';
import { quote } from '../../shell/quote.ts';
import type { Json } from '../resource.ts';
import { modeResult } from './file-mode.ts';

/** The keys of what `register` sees of a path that a module made or waited for. */
export const pathInfoKeys = ['uid', 'gid', 'owner', 'group', 'mode', 'size', 'state'] as const;

/** sh code that prints what a path is, on one line; nothing when it is not there. */
export function pathInfoScript(word: string): string {
  return `stat -c ${quote(statFormat)} -- ${word} 2>/dev/null`;
}

/** That line as `register` sees it, a link being itself; {} when there is none. */
export function pathInfo(line: string | undefined): { readonly [key: string]: Json } {
  const stat = readStatLine(line ?? '');
  if (!stat) return {};
  const { kind, links, uid, gid, owner, group, mode, size } = stat;
  const state = kind === 'link' || kind === 'directory' ? kind : links === 1 ? 'file' : 'hard';
  return {
    uid,
    gid,
    owner: owner === 'UNKNOWN' ? String(uid) : owner,
    group: group === 'UNKNOWN' ? String(gid) : group,
    mode: modeResult(mode),
    size,
    state,
  };
}
