import { Answer } from '../../probes/answer.ts';
import { readTree, type TreeEntries } from '../../probes/path-tree.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';

/** How an archive compares with what is at its place. */
export interface ArchiveState {
  /** Why it cannot be said. */
  readonly trouble: string | undefined;
  /** What tar or unzip said of it. */
  readonly said: string;
  /** Ansible's word for the kind of archive. */
  readonly handler: string;
  readonly files: readonly string[];
  /** Names below the directory, and how each differs. */
  readonly differs: ReadonlyMap<string, string>;
  /** Owner and mode of what is there. */
  readonly entries: readonly TreeEntries[];
}

/** What the comparison leaves out, for it is set anyway. */
export interface Settled {
  readonly owner: boolean;
  readonly group: boolean;
  readonly mode: boolean;
  readonly keepNewer: boolean;
}

function lines(text: Buffer | undefined): readonly string[] {
  return (text?.toString() ?? '').split('\n').filter((line) => line !== '');
}

// tar --diff says `NAME: Mode differs`, and of what is missing `tar: NAME: Warning: Cannot stat: ...`.
function tarDifferences(said: readonly string[], settled: Settled, root: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of said) {
    const [, missing] = /^tar: (.+): Warning: Cannot stat: No such file or directory$/.exec(line) ?? [];
    if (missing !== undefined && missing.trim() !== '') found.set(missing, 'absent');
    const [, name, what = ''] =
      /^(.+): ((?:Uid|Gid|Mode|Mod time|Contents|Size|Symlink|File type) differs?|Not linked to .*|Invalid (?:owner|group))$/.exec(
        line,
      ) ?? [];
    if (name === undefined) continue;
    const ignored =
      (what.startsWith('Uid') && (settled.owner || !root)) ||
      (what.startsWith('Gid') && (settled.group || !root)) ||
      // Whoever is not root unpacks with the umask.
      (what.startsWith('Mode') && (settled.mode || !root)) ||
      (what.startsWith('Invalid') && !root);
    if (!ignored && !found.has(name))
      found.set(name, `another ${what.replace(/ differs?$/, '').toLowerCase()}`);
  }
  return found;
}

interface Entry {
  readonly kind: number;
  readonly mode: number;
  readonly time: number;
}

function entriesOf(text: Buffer | undefined): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const line of lines(text)) {
    const [, raw = '', time = '', name = ''] = /^([0-9a-f]+) (\d+) \d+ \.\/(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    const bits = Number.parseInt(raw, 16);
    found.set(name, { kind: bits >> 12, mode: bits & 0o7777, time: Number(time) });
  }
  return found;
}

const regular = 8;
const link = 10;

// Of a zip archive both sides were listed, and the sums of its files checked.
function zipDifferences(answer: Answer, settled: Settled): Map<string, string> {
  const there = entriesOf(answer.bytes('there'));
  const sums = new Set(
    lines(answer.bytes('differs')).flatMap((line) => /^\.\/(.*): FAILED/.exec(line)?.[1] ?? []),
  );
  const found = new Map<string, string>();
  for (const [name, wanted] of entriesOf(answer.bytes('wanted'))) {
    const have = there.get(name);
    if (!have) found.set(name, 'absent');
    else if (have.kind !== wanted.kind) found.set(name, 'another file type');
    else if (settled.keepNewer && have.kind === regular && have.time >= wanted.time) continue;
    else if (sums.has(name)) found.set(name, 'another contents');
    else if (have.kind === regular && have.time !== wanted.time) found.set(name, 'another mod time');
    else if (have.kind !== link && have.mode !== wanted.mode && !settled.mode)
      found.set(name, 'another mode');
  }
  return found;
}

/** Reads what `archiveProbe` printed. */
export function readArchive(output: ScriptOutput, src: string, settled: Settled): ArchiveState {
  const answer = new Answer(output, `the archive ${src}`);
  const handler = answer.get('format') ?? '';
  const differs =
    handler === 'ZipArchive'
      ? zipDifferences(answer, settled)
      : tarDifferences(lines(answer.bytes('differs')), settled, answer.get('root') === '0');
  return {
    trouble: answer.get('trouble'),
    said: answer.bytes('said')?.toString().trim() ?? '',
    handler,
    files: lines(answer.bytes('files')).map((name) => name.replace(/^\//, '')),
    differs,
    entries: readTree(
      lines(answer.bytes('stats'))
        .map((line) => `1 ${line}`)
        .join('\n'),
    ),
  };
}
