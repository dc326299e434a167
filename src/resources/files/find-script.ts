import { quote } from '../../shell/quote.ts';

/** What is looked for on the host. */
export interface FindWish {
  readonly paths: readonly string[];
  readonly recurse?: boolean;
  readonly depth?: number;
  readonly follow?: boolean;
  readonly get_checksum?: boolean;
  readonly patterns?: readonly string[];
  readonly use_regex?: boolean;
  readonly file_type?: string;
  readonly contains?: string;
}

/** Whether the text of files decides. */
export function asksForText({ contains, file_type = 'file' }: FindWish): boolean {
  return contains !== undefined && file_type === 'file';
}

// A larger file, in bytes, is not sent.
const longestText = 4_194_304;

// Prints the text of the files whose names may be meant.
function textCode(search: string, { patterns = [], use_regex }: FindWish): string {
  const names = use_regex ? [] : patterns.flatMap((one) => one.split(','));
  const named = names.map((name) => `-name ${quote(name)}`).join(' -o ');
  const each = `for provision_file; do
  if [ "$(stat -L -c %s -- "$provision_file")" -gt ${longestText} ]; then printf '%s large %s\\n' "$provision_mark" "$provision_file"
  else printf '%s text %s %s\\n' "$provision_mark" "$(base64 <"$provision_file" | tr -d '\\n')" "$provision_file"; fi
done`;
  return `  export provision_mark; ${search} -type f${named === '' ? '' : ` \\( ${named} \\)`} -exec sh -c ${quote(each)} sh {} +`;
}

/**
 * sh code that prints a line for each entry below the paths. A name may hold line ends: each line of an entry begins with
 * a mark that the host draws anew, so that no name can pass itself off as another entry.
 */
export function findScript(want: FindWish): string {
  const { paths, recurse, depth, follow, get_checksum } = want;
  const deep = !recurse ? ' -maxdepth 1' : depth === undefined ? '' : ` -maxdepth ${depth}`;
  const one = (path: string) => {
    const place = quote(path);
    const search = `find${follow ? ' -L' : ''} ${place}/ -mindepth 1${deep}`;
    const sums = `${search} -type f -exec sha1sum -- {} + | while IFS= read -r provision_line; do printf '%s sum %s\\n' "$provision_mark" "$provision_line"; done`;
    return [
      `if [ -d ${place} ]; then`,
      `  ${search} -exec stat -c "$provision_mark at %f %u %g %s %i %d %h %X %Y %Z %U %G /%n" -- {} + || :`,
      ...(get_checksum ? [`  ${sums}`] : []),
      ...(asksForText(want) ? [textCode(search, want)] : []),
      `else printf '%s not %s\\n' "$provision_mark" ${place}; fi`,
    ].join('\n');
  };
  return [
    `provision_mark=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \\n') || exit 1`,
    'echo "$provision_mark $(date +%s)"',
    ...paths.map(one),
  ].join('\n');
}
