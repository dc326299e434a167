import { quote } from '../shell/quote.ts';

/** A kind of entry at or below a directory: all entries that stat tells apart by nothing that matters here. */
export interface TreeEntries {
  readonly directory: boolean;
  readonly link: boolean;
  readonly mode: number;
  readonly uid: string;
  readonly gid: string;
  readonly owner: string;
  readonly group: string;
  readonly count: number;
}

/** sh code that prints the kinds of entries at and below the directory that \`variable\` names, links not followed. */
export function treeCode(variable: string): string {
  return `find "$${variable}/" -exec stat -c ${quote('%f %u %g %U\t%G')} -- {} + | sort | uniq -c`;
}

/** Reads what \`treeCode\` printed. */
export function readTree(output: string): readonly TreeEntries[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [count, raw, uid = '', gid = '', ...names] = line.trim().split(' ');
    const [owner = '', group = ''] = names.join(' ').split('\t');
    const bits = Number.parseInt(raw ?? '', 16);
    const type = bits >> 12;
    return {
      directory: type === 4,
      link: type === 0o12,
      mode: bits & 0o7777,
      uid,
      gid,
      owner,
      group,
      count: Number(count),
    };
  });
}
