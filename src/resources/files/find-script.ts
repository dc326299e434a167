import { quote } from '../../shell/quote.ts';

/** What is looked for on the host. */
export interface FindWish {
  readonly paths: readonly string[];
  readonly recurse?: boolean;
  readonly depth?: number;
  readonly follow?: boolean;
  readonly get_checksum?: boolean;
}

/**
 * sh code that prints a line for each entry below the paths. A name may hold line ends: each line of an entry begins with
 * a mark that the host draws anew, so that no name can pass itself off as another entry.
 */
export function findScript({ paths, recurse, depth, follow, get_checksum }: FindWish): string {
  const deep = !recurse ? ' -maxdepth 1' : depth === undefined ? '' : ` -maxdepth ${depth}`;
  const one = (path: string) => {
    const place = quote(path);
    const search = `find${follow ? ' -L' : ''} ${place}/ -mindepth 1${deep}`;
    const sums = `${search} -type f -exec sha1sum -- {} + | while IFS= read -r provision_line; do printf '%s sum %s\\n' "$provision_mark" "$provision_line"; done`;
    return [
      `if [ -d ${place} ]; then`,
      `  ${search} -exec stat -c "$provision_mark at %f %u %g %s %i %d %h %X %Y %Z %U %G /%n" -- {} + || :`,
      ...(get_checksum ? [`  ${sums}`] : []),
      `else printf '%s not %s\\n' "$provision_mark" ${place}; fi`,
    ].join('\n');
  };
  return [
    `provision_mark=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \\n') || exit 1`,
    'echo "$provision_mark $(date +%s)"',
    ...paths.map(one),
  ].join('\n');
}
