import type { Json } from '../resource.ts';
import { modeResult } from './file-mode.ts';

/** The keys of what `register` sees of a path that a module made or waited for. */
export const pathInfoKeys = ['uid', 'gid', 'owner', 'group', 'mode', 'size', 'state'] as const;

/** sh code that prints what a path is, on one line; nothing when it is not there. */
export function pathInfoScript(word: string): string {
  return `stat -c '%u %g %a %h %s %U %G %F' -- ${word} 2>/dev/null`;
}

/** That line as `register` sees it, a link being itself; {} when there is none. */
export function pathInfo(line: string | undefined): { readonly [key: string]: Json } {
  const [, uid = '', gid = '', mode = '', names = '', size = '', owner = '', group = '', kind = ''] =
    /^(\d+) (\d+) ([0-7]+) (\d+) (\d+) (\S+) (\S+) (.+)$/.exec(line ?? '') ?? [];
  if (uid === '') return {};
  const state =
    kind === 'symbolic link' ? 'link' : kind === 'directory' ? kind : names === '1' ? 'file' : 'hard';
  return {
    uid: Number(uid),
    gid: Number(gid),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
    mode: modeResult(Number.parseInt(mode, 8)),
    size: Number(size),
    state,
  };
}
