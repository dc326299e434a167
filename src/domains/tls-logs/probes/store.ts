import type { Ask, ProbeKind } from '../../../probes/probe.ts';
import { ProbeError, probeFailure } from '../../../probes/probe-error.ts';
import { quote } from '../../../shell/quote.ts';
import { printPublicParts } from './pem.ts';
import { readStores, type SeenStore } from './store-answer.ts';

/** What is asked of a store. */
export interface StoreQuestion {
  readonly dest: string;
  /** What is to be known of the keys: their public halves, or the sums of all files. */
  readonly keys: 'public' | 'sums';
}

/*
 * Variables: v0, v1, ... are the directories of all versions, n is how many there are.
 * `store CURRENT` is printed for each store, then `version FLAGS NAME` for each version: c and k, its certificate and key
 * are there; C and K, they may be read; p, the public half of its key is wanted; s, its sums are.
 */
const functions = `LC_ALL=C; export LC_ALL; n=0
is_version() {
  [ -d "$1" ] && [ ! -L "$1" ] || return 1
  case \${1##*/} in *[!0-9A-Za-z-]*) return 1 ;; esac
}
store() {
  current=
  if [ -L "$1/current" ]; then
    for v in "$1"/[0-9]*T[0-9]*Z*; do ! is_version "$v" || [ ! "$1/current" -ef "$v" ] || current=\${v##*/}; done
    [ -n "$current" ] || current=$(readlink -- "$1/current")
  fi
  printf 'store %s\\n' "\${current%%
*}"
  past=$current
  case $current in ''|*[!0-9A-Za-z-]*) past= ;; *) [ -d "$1/$current" ] || past= ;; esac
  for v in "$1"/[0-9]*T[0-9]*Z*; do
    is_version "$v" || continue
    [ "\${v##*/}" != "$past" ] || past=
    flags=-
    [ ! -e "$v/fullchain.pem" ] || flags=\${flags}c
    [ ! -e "$v/privkey.pem" ] || flags=\${flags}k
    [ ! -f "$v/fullchain.pem" ] || [ ! -r "$v/fullchain.pem" ] || [ ! -s "$v/fullchain.pem" ] || flags=\${flags}C
    [ ! -f "$v/privkey.pem" ] || [ ! -r "$v/privkey.pem" ] || [ ! -s "$v/privkey.pem" ] || flags=\${flags}K
    [ "$2" = sums ] && flags=\${flags}s
    [ "$2" = public ] && [ -z "$past" ] && flags=\${flags}p
    printf 'version %s %s\\n' "$flags" "\${v##*/}"
    eval "v$n=\\$v f$n=\\$flags"; n=$((n + 1))
  done
}
gather() {
  i=0 words=
  while [ "$i" -lt "$n" ]; do
    eval "flags=\\$f$i"
    case $flags in $1) words="$words \\"\\$v$i/fullchain.pem\\"" ;; esac
    case $flags in $2) words="$words \\"\\$v$i/privkey.pem\\"" ;; esac
    i=$((i + 1))
  done
}`;

// Each part begins with a line of its own, and holds one line or one block for each file that was gathered.
const parts = `echo 'part owner'
gather '*c*' '*k*'; eval "set -- $words"
[ $# = 0 ] || stat -L -c '%U:%G %a' -- "$@" 2>/dev/null
echo 'part chain'
gather '*C*' ''; eval "set -- $words"
[ $# = 0 ] || { ${printPublicParts}; }
echo 'part sum'
gather '*C*s*' '*K*s*'; eval "set -- $words"
[ $# = 0 ] || sha256sum -- "$@" 2>/dev/null
echo 'part public'
gather '' '*K*p*'; eval "set -- $words"
for file; do openssl pkey -in "$file" -passin pass: -pubout 2>/dev/null; echo '#'; done`;

const storeKind: ProbeKind<StoreQuestion, SeenStore> = {
  name: 'tls-logs store',
  most: 50,
  program: (questions) =>
    [functions, ...questions.map(({ dest, keys }) => `store ${quote(dest)} ${keys}`), parts].join('\n'),
  read(output, questions) {
    const stores = readStores(output.stdout, questions.length);
    return questions.map(
      ({ dest }, index) =>
        stores?.[index] ??
        probeFailure(output, dest) ??
        new ProbeError(`the host's answer about the certificates in ${dest} makes no sense`),
    );
  },
};

/** Asks for a store of certificates; below it everything counts. */
export function store(question: StoreQuestion): Ask<SeenStore> {
  const { dest, keys } = question;
  return { kind: storeKind, question: { dest, keys }, paths: [`${dest}/`] };
}
