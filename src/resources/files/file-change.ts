import type { FileStat } from '../../probes/file-stat.ts';
import type { Change } from '../resource.ts';
import { treeChanges } from './directory-tree.ts';
import { ownershipChanges } from './file-ownership.ts';
import {
  directoryMode,
  type FileState,
  kindOf,
  ownership,
  pathOf,
  subject,
  touches,
  type WantedFile,
} from './file-state.ts';

/** Why it cannot be done. */
export function refuseFile(want: WantedFile, have: FileState): readonly string[] {
  const { stat, behind, source } = have;
  const path = pathOf(want);
  const kind = kindOf(want);
  if (kind === 'absent') return path === '/' ? ['/ is not removed'] : [];
  if ((kind === 'link' || kind === 'hard') !== (want.src !== undefined)) {
    return [want.src === undefined ? `state: ${kind} needs src` : 'src is for state: link and state: hard'];
  }
  if (want.recurse && kind !== 'directory') return ['recurse is for state: directory'];
  if (kind === 'hard') {
    if (!want.src?.startsWith('/')) return [`src ${want.src} must be an absolute path on the host`];
    if (source?.kind === 'absent') return [`${want.src} does not exist on the host`];
    if (source?.kind === 'directory') return [`${want.src} is a directory, which cannot have a second name`];
  }
  if (kind === 'directory') {
    if (behind.kind === 'absent' && stat.kind === 'link') return [`${path} is a link that leads nowhere`];
    return behind.kind === 'absent' || behind.kind === 'directory'
      ? []
      : [`${path} is a ${behind.kind}, not a directory`];
  }
  if (kind === 'any' || kind === 'file') {
    const hint =
      kind === 'file' ? '; state: touch, copy or template make a file' : '; say which state it is to have';
    if (behind.kind === 'absent') return [`${path} does not exist on the host${hint}`];
    return kind === 'file' && behind.kind === 'directory' ? [`${path} is a directory, not a file`] : [];
  }
  if (kind === 'touch') return [];
  if (stat.kind === 'absent' || stat.kind === 'link' || (kind === 'hard' && same(stat, source))) return [];
  return want.force ? [] : [`${path} is a ${stat.kind}; \`force: true\` puts the link in its place`];
}

function same(stat: FileStat, source: FileStat | undefined): boolean {
  return source !== undefined && stat.inode === source.inode && stat.device === source.device;
}

/** How the path differs. */
export function fileChanges(want: WantedFile, have: FileState): readonly Change[] {
  const { stat, behind } = have;
  const kind = kindOf(want);
  const state = (from: string, to: string): Change => ({ attribute: 'state', from, to });
  switch (kind) {
    case 'absent':
      return stat.kind === 'absent' ? [] : [state(stat.kind, 'absent')];
    case 'link': {
      const changed: Change[] =
        stat.kind !== 'link'
          ? [state(stat.kind, 'link'), { attribute: 'src', to: want.src ?? '' }]
          : have.points === want.src
            ? []
            : [{ attribute: 'src', from: have.points ?? '', to: want.src ?? '' }];
      const about = have.source ?? (stat.kind === 'link' ? stat : { ...stat, kind: 'absent' as const });
      return [...changed, ...ownershipChanges(ownership(want, have), about)];
    }
    case 'hard': {
      if (same(stat, have.source)) return ownershipChanges(want, stat);
      const linked = have.source ?? stat;
      return [
        state(stat.kind, 'hard link'),
        { attribute: 'src', to: want.src ?? '' },
        ...ownershipChanges(want, linked),
      ];
    }
    case 'directory': {
      if (behind.kind === 'absent')
        return [state('absent', 'directory'), ...ownershipChanges(want, behind, directoryMode)];
      return want.recurse ? treeChanges(want, have.tree) : ownershipChanges(want, behind);
    }
    case 'touch': {
      if (behind.kind === 'absent') return [state('absent', 'file'), ...ownershipChanges(want, behind)];
      const time: Change[] = touches(want) ? [{ attribute: 'time', to: 'now' }] : [];
      return [...time, ...ownershipChanges(want, behind)];
    }
    default:
      return ownershipChanges(ownership(want, have), subject(want, have));
  }
}
