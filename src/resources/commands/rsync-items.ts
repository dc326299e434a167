import type { Change } from '../resource.ts';

/** Stands before each line of rsync that says of a file that it differs. */
export const changedMark = '<<CHANGED>>';

/** What rsync says of one file: eleven letters, then its name. */
interface RsyncItem {
  readonly letters: string;
  readonly name: string;
}

// More of them would fill a plan; all are in the result.
const most = 50;

const kinds: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'directory',
  L: 'link',
  D: 'device',
  S: 'special file',
};
const attributes: readonly (readonly [at: number, letters: RegExp, what: string])[] = [
  [2, /c/, 'content'],
  [3, /s/, 'size'],
  [4, /[tT]/, 'time'],
  [5, /p/, 'mode'],
  [6, /o/, 'owner'],
  [7, /g/, 'group'],
  [9, /a/, 'acl'],
  [10, /x/, 'extended attributes'],
];

/** The output of rsync as people and registered results have it. */
export function withoutMarks(output: string): string {
  return output.replaceAll(changedMark, '');
}

/** The files of which rsync says that something differs; those that it only mentions, as with `-vv`, are left out. */
function itemsIn(output: string): readonly RsyncItem[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith(changedMark)) return [];
    const text = line.slice(changedMark.length);
    const letters = text.slice(0, 11);
    return /^\.. *$/.test(letters) ? [] : [{ letters, name: text.slice(12) }];
  });
}

/** What a transfer changes, or would change, by name; of many the first, and how many more. */
export function transferChanges(output: string): readonly Change[] {
  const items = itemsIn(output);
  const changes = items.slice(0, most).map(changeOf);
  const more = items.length - changes.length;
  return more === 0 ? changes : [...changes, { attribute: 'further files', to: String(more) }];
}

function changeOf({ letters, name }: RsyncItem): Change {
  const kind = kinds[letters.charAt(1)] ?? 'file';
  if (letters.startsWith('*deleting'))
    return { attribute: name, from: name.endsWith('/') ? 'directory' : 'file', to: 'absent' };
  if (letters.slice(2).startsWith('+')) return { attribute: name, from: 'absent', to: kind };
  const differing = attributes.flatMap(([at, wanted, what]) =>
    wanted.test(letters.charAt(at)) ? [what] : [],
  );
  return { attribute: name, to: differing.join(', ') || `another ${kind}` };
}
