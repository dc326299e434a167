import type { Ask, ProbeKind } from '../../../probes/probe.ts';
import { ProbeError, probeFailure } from '../../../probes/probe-error.ts';
import { quote } from '../../../shell/quote.ts';

/** A file of certificates as it is on the host; of keys in it only that they are there. */
export type PemAnswer =
  | { readonly kind: 'missing' | 'directory' | 'special' | 'unreadable' }
  | { readonly kind: 'there'; readonly pem: string };

/*
 * Of each file, its certificates, the first lines of all else between marks, and a # behind the last line: a key itself
 * must not travel. The hold space has a k while a key goes on. In the C locale a dot means any byte, also of a file that
 * is no text.
 */
const publicPart = [
  String.raw`/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/{s/^.*\(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\).*$/+\1/p;s/.*/k/;h;be`,
  '}',
  'x;/k/{x;/-----END /{s/.*//;h',
  '}',
  'be',
  '}',
  'x;/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/,/-----END [A-Z0-9 ]*CERTIFICATE-----/{s/^/+/p;be',
  '}',
  String.raw`s/^.*\(-----BEGIN [A-Z0-9 ]*-----\).*$/+\1/p`,
  ':e',
  '${s/.*//;h;s/^/#/p',
  '}',
]
  .map((line) => `-e ${quote(line)}`)
  .join(' ');

/** sh code that prints the public part of the files "$@", none of them empty; one by one where sed joins its files. */
export const printPublicParts = `if sed -s -n ${publicPart} -- "$@" 2>/dev/null; then echo; else
  printf '\\nagain\\n'; for file; do sed -n ${publicPart} -- "$file" 2>/dev/null || printf '\\n!'; echo; done; fi`;

/** What `printPublicParts` printed, file by file; undefined for one that could not be read, and for all when there are more or fewer. */
export function readPublicParts(text: string, files: number): readonly (string | undefined)[] {
  const [first = '', again] = text.split(/^again$/m);
  const parts: (string | undefined)[] = [];
  let lines: string[] = [];
  for (const line of (again ?? first).split('\n')) {
    if (line.startsWith('+')) lines.push(line.slice(1));
    if (line !== '#' && line !== '!') continue;
    parts.push(line === '!' ? undefined : lines.map((one) => `${one}\n`).join(''));
    lines = [];
  }
  return parts.length === files ? parts : Array.from({ length: files }, () => undefined);
}

const kinds = ['missing', 'directory', 'special', 'unreadable', 'empty', 'there'] as const;

function pemScript(path: string): string {
  return `file=${quote(path)}
if [ -d "$file" ]; then echo directory
elif [ ! -e "$file" ]; then echo missing
elif [ ! -f "$file" ]; then echo special
elif [ ! -r "$file" ]; then echo unreadable
elif [ ! -s "$file" ]; then echo empty
else echo there; set -- "$@" "$file"
fi`;
}

const pemKind: ProbeKind<string, PemAnswer> = {
  name: 'tls-logs pem',
  most: 200,
  program: (paths) =>
    `LC_ALL=C; export LC_ALL; set --
${paths.map(pemScript).join('\n')}
[ $# = 0 ] || { ${printPublicParts}; }`,
  read(output, paths) {
    const lines = output.stdout.split('\n');
    const found = paths.map((_, index) => kinds.find((kind) => kind === lines[index]));
    const files = found.filter((kind) => kind === 'there').length;
    const parts = readPublicParts(lines.slice(paths.length).join('\n'), files).values();
    return paths.map((path, index) => {
      const kind = found[index];
      if (kind === undefined)
        return probeFailure(output, path) ?? new ProbeError(`the host does not say whether there is ${path}`);
      if (kind === 'empty') return { kind: 'there', pem: '' };
      if (kind !== 'there') return { kind };
      const pem: string | undefined = parts.next().value;
      return pem === undefined ? new ProbeError(`${path} could not be read`) : { kind, pem };
    });
  },
};

/** The certificates that were seen, as PEM; undefined where no file was read. */
export function pemOf(answer: PemAnswer | undefined): string | undefined {
  return answer?.kind === 'there' ? answer.pem : undefined;
}

/** Asks for the certificates in a file. */
export function pem(path: string): Ask<PemAnswer> {
  return { kind: pemKind, question: path, paths: [path] };
}
