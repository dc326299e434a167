import { makeDirectoryScript, ownScript } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { Change } from '../resource.ts';
import { treeOwnScript } from './directory-tree.ts';
import { settledOwnership } from './file-ownership.ts';
import {
  directoryMode,
  type FileState,
  kindOf,
  linkedPath,
  ownership,
  pathOf,
  subject,
  touches,
  type WantedFile,
} from './file-state.ts';

function touchScript(want: WantedFile, there: boolean): string {
  const times = there
    ? `${want.modification_time === 'preserve' ? '' : 'm'}${want.access_time === 'preserve' ? '' : 'a'}`
    : '';
  return `touch ${times === '' ? '' : `-${times} `}-- ${quote(pathOf(want))} || exit 1`;
}

/** sh code that brings the path where it is wanted. */
export function fileScript(want: WantedFile, changes: readonly Change[], have: FileState): string {
  const path = pathOf(want);
  const target = quote(path);
  const { stat, behind } = have;
  switch (kindOf(want)) {
    case 'absent':
      return `provision_save ${target} provision_whole && rm -rf -- ${target}`;
    case 'link': {
      const lines: string[] = [];
      if (changes.some(({ attribute }) => attribute === 'src')) {
        const beside = `${target}.provision-$$`;
        lines.push(`provision_save ${target} || exit 1`);
        if (stat.kind === 'directory') lines.push(`rmdir -- ${target} || exit 1`);
        lines.push(
          `rm -f -- ${beside}; ln -sT -- ${quote(want.src ?? '')} ${beside} && mv -fT -- ${beside} ${target} || exit 1`,
        );
      }
      const linked = linkedPath(want);
      const own = ownership(want, have);
      if (linked !== undefined && have.source?.kind !== 'absent') {
        lines.push(ownScript(linked, settledOwnership(own, have.source ?? stat)));
      } else if (linked === undefined && (own.owner !== undefined || own.group !== undefined)) {
        lines.push(ownScript(path, { owner: own.owner, group: own.group }, true));
      }
      return lines.join('\n');
    }
    case 'hard': {
      const lines: string[] = [];
      if (changes.some(({ attribute }) => attribute === 'src')) {
        const beside = `${target}.provision-$$`;
        lines.push(`provision_save ${target} || exit 1`);
        lines.push(
          `rm -f -- ${beside}; ln -T -- ${quote(want.src ?? '')} ${beside} && mv -fT -- ${beside} ${target} || exit 1`,
        );
      }
      lines.push(ownScript(path, settledOwnership(want, have.source ?? stat)));
      return lines.join('\n');
    }
    case 'directory': {
      const own = settledOwnership(want, behind, directoryMode);
      const made = behind.kind === 'absent' ? makeDirectoryScript(path, own) : ownScript(path, own);
      const kept = `provision_save ${target} provision_tree || exit 1`;
      return want.recurse ? `${kept}\n${made}\n${treeOwnScript(path, want)}` : made;
    }
    case 'touch': {
      const lines: string[] = [];
      const there = behind.kind !== 'absent';
      if (!there) lines.push(`provision_save ${target} || exit 1`, 'umask 022');
      if (!there || touches(want)) lines.push(touchScript(want, there));
      lines.push(ownScript(path, settledOwnership(want, behind)));
      return lines.join('\n');
    }
    default: {
      const about = subject(want, have);
      const link = about.kind === 'link';
      return ownScript(path, settledOwnership(ownership(want, have), about), link);
    }
  }
}
