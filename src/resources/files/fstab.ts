/** One file system as /etc/fstab has it. */
interface FstabEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

const escapes: Readonly<Record<string, string>> = {
  ' ': '\\040',
  '\t': '\\011',
  '\n': '\\012',
  '\\': '\\134',
};

/** A word as it stands in fstab and in the kernel's table. */
export function escaped(word: string): string {
  return word.replaceAll(/[ \t\n\\]/g, (one) => escapes[one] ?? one);
}

/** The entry of a line; undefined for comments and what is none. */
function readFstabLine(line: string): FstabEntry | undefined {
  const [src = '', path, fstype, opts = 'defaults', dump = '0', passno = '0'] = line.trim().split(/\s+/);
  if (src === '' || src.startsWith('#') || path === undefined || fstype === undefined) return undefined;
  return { src, path, fstype, opts, dump, passno };
}

// Swap has no path of its own: there the source counts.
function sameEntry(one: FstabEntry, other: Pick<FstabEntry, 'src' | 'path'>): boolean {
  const swap = ['none', '-', 'swap'].includes(one.path);
  return one.path === other.path && (!swap || one.src === other.src);
}

/** Lines of fstab with an entry in them. */
export function withEntry(lines: readonly string[], entry: FstabEntry): readonly string[] {
  const { src, path, fstype, opts, dump, passno } = entry;
  const text = [src, path, fstype, opts, dump, passno].join(' ');
  const places = lines.flatMap((line, index) => {
    const found = readFstabLine(line);
    return found && sameEntry(found, entry) ? [index] : [];
  });
  const last = places.at(-1);
  if (last === undefined) return [...lines, text];
  const found = readFstabLine(lines[last] ?? '');
  const same =
    found && Object.entries(entry).every(([field, value]) => found[field as keyof FstabEntry] === value);
  return same ? lines : lines.with(last, text);
}

/** Lines of fstab without an entry. */
export function withoutEntry(
  lines: readonly string[],
  wanted: { readonly path: string; readonly src?: string | undefined },
): readonly string[] {
  return lines.filter((line) => {
    const found = readFstabLine(line);
    return !found || !sameEntry(found, { path: wanted.path, src: wanted.src ?? found.src });
  });
}
