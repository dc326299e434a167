import { homedir } from 'node:os';
import { posix } from 'node:path';
import { changedMark } from './rsync-items.ts';
import { splitWords } from './word-split.ts';

/** What decides over the options of one call of rsync. */
export interface RsyncOptions {
  readonly archive?: boolean;
  readonly checksum?: boolean;
  readonly compress?: boolean;
  readonly existing_only?: boolean;
  readonly delete?: boolean;
  readonly delay_updates?: boolean;
  readonly dirs?: boolean;
  readonly recursive?: boolean;
  readonly links?: boolean;
  readonly copy_links?: boolean;
  readonly perms?: boolean;
  readonly times?: boolean;
  readonly owner?: boolean;
  readonly group?: boolean;
  readonly partial?: boolean;
  readonly rsync_path?: string;
  readonly rsync_timeout?: number;
  readonly rsync_opts?: readonly string[];
  readonly link_dest?: readonly string[];
}

const parts = ['recursive', 'links', 'perms', 'times', 'owner', 'group'] as const;

// With `archive` each of them is on, without it off, unless it is said of itself.
function archiveWords(want: RsyncOptions): readonly string[] {
  const { archive = true } = want;
  const own = parts.filter((part) => want[part] === !archive);
  return archive ? ['--archive', ...own.map((part) => `--no-${part}`)] : own.map((part) => `--${part}`);
}

/** The words of `rsync_opts`; undefined where a quote in them is not closed. */
export function extraWords({ rsync_opts = [] }: RsyncOptions): readonly string[] | undefined {
  const words = rsync_opts.map((text) => splitWords(text));
  return words.includes(undefined) ? undefined : words.flatMap((some) => some ?? []);
}

/** Whether a word of rsync says by which program the other end is reached. */
export function namesShell(word: string): boolean {
  // Letters behind one that takes a value are that value.
  return /^--rsh(?:=|$)/.test(word) || /^-[^-BTMf@e]*e/.test(word);
}

/** Where a directory to link into lies; a relative one counts from where the run was started. */
export function linkPath(path: string): string {
  return posix.resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

// A plan runs nothing else than rsync at the other end: `mkdir -p /srv/a && rsync` makes no directory.
function dryPath(path: string): string {
  return (
    path
      .split(/&&|\|\||[;&|\n]/)
      .at(-1)
      ?.trim() || 'rsync'
  );
}

/** The options of rsync, without paths. */
export function optionWords(want: RsyncOptions, dry: boolean): readonly string[] {
  const { rsync_path: path, rsync_timeout: timeout = 0 } = want;
  const on = (wanted: boolean | undefined, ...words: string[]) => (wanted ? words : []);
  return [
    ...on(want.delay_updates ?? true, '--delay-updates', '-F'),
    ...on(want.compress ?? true, '--compress'),
    ...on(timeout > 0, `--timeout=${timeout}`),
    ...on(dry, '--dry-run'),
    ...on(want.delete, '--delete-after'),
    ...on(want.existing_only, '--existing'),
    ...on(want.checksum, '--checksum'),
    ...on(want.copy_links, '--copy-links'),
    ...archiveWords(want),
    ...on(want.dirs, '--dirs'),
    ...(path === undefined ? [] : [`--rsync-path=${dry ? dryPath(path) : path}`]),
    ...(extraWords(want) ?? []),
    ...on(want.partial, '--partial'),
    // Without -vv rsync says nothing of a file that it only links.
    ...(want.link_dest ? ['-H', '-vv', ...want.link_dest.map((one) => `--link-dest=${linkPath(one)}`)] : []),
    `--out-format=${changedMark}%i %n%L`,
  ];
}
