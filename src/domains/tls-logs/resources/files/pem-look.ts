import type { Answer } from '../../../../probes/answer.ts';

/** A file of certificates as it is on the host; of keys in it only that they are there. */
export type PemLook =
  | { readonly kind: 'missing' | 'directory' | 'special' | 'unreadable' }
  | { readonly kind: 'there'; readonly pem: string };

/*
 * The certificates of a file, the first lines of keys, and a `#` when it is not empty: a key itself must not travel.
 * In the C locale a dot means any byte, also of a file that is no text.
 */
const publicPart = String.raw`LC_ALL=C sed -n -e '/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/,/-----END [A-Z0-9 ]*CERTIFICATE-----/p' \
  -e '/-----BEGIN [A-Z ]*PRIVATE KEY-----/s/^.*\(-----BEGIN [A-Z ]*PRIVATE KEY-----\).*$/\1/p' -e '$s/.*/#/p'`;

/** Shell functions: `provision_kind PATH` prints what is there; `provision_pem NAME PATH` tells a file of certificates. */
export const pemFunctions = `provision_kind() {
  if [ -d "$1" ]; then echo directory
  elif [ ! -e "$1" ]; then echo missing
  elif [ ! -f "$1" ]; then echo special
  elif [ ! -r "$1" ]; then echo unreadable
  else echo there
  fi
}
provision_pem() {
  provision_there=$(provision_kind "$2")
  printf '%s %s\\n' "$1" "$provision_there"
  [ "$provision_there" != there ] || printf '%s.pem %s\\n' "$1" "$(${publicPart} "$2" | base64 | tr -d '\\n')"
}`;

/** Reads what \`provision_pem\` printed; undefined when it was not asked. */
export function readPem(answer: Answer, name: string): PemLook | undefined {
  const kind = answer.get(name);
  if (kind === 'missing' || kind === 'directory' || kind === 'special' || kind === 'unreadable')
    return { kind };
  return kind === undefined
    ? undefined
    : { kind: 'there', pem: answer.bytes(`${name}.pem`)?.toString('utf8') ?? '' };
}

/**
 * Why a file cannot be looked into; undefined when it could.
 * @param what names its role: `certificate`
 * @param issue how it comes to be there
 */
export function lookFault(
  kind: string,
  what: string,
  path: string,
  user: string,
  issue: string,
): string | undefined {
  const hidden = user === 'root' ? '' : `, or ${user} may not see it`;
  switch (kind) {
    case 'missing':
      return `there is no ${what} ${path}${hidden}${issue}`;
    case 'directory':
      return `the ${what} ${path} is a directory: name the file in it`;
    case 'special':
      return `the ${what} ${path} is no regular file: name a file`;
    case 'unreadable':
      return `${user} may not read the ${what} ${path}: let root do it (become: true), or let ${user} read it`;
    default:
      return undefined;
  }
}
