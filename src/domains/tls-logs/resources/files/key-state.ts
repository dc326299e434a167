import type { Answer } from '../../../../probes/answer.ts';
import { quote } from '../../../../shell/quote.ts';
import { fileFault } from './file-fault.ts';

/** A private key's file on the host: its public half, who may read it, and what is wrong with it. */
export interface KeyState {
  /** `there`, what `provision_kind` says, or what the file holds instead of a key that openssl reads. */
  readonly kind: string;
  /** PEM; empty unless `there`. */
  readonly publicKey: string;
  readonly owner: string;
  /** Others may read it: its mode lets them, and so do all directories above it. */
  readonly exposed: boolean;
}

/*
 * An empty passphrase keeps openssl from asking for one on the terminal. Only a PEM key serves: daemons read nothing else.
 * Whose key it may be: root's, the user's who looks, or whose sudo it is; or of a service that gets its own certificates
 * (Caddy, a user for acme.sh): a system account.
 */
const functions = `provision_kind() {
  if [ -d "$1" ]; then echo directory
  elif [ ! -e "$1" ]; then echo missing
  elif [ ! -f "$1" ]; then echo special
  elif [ ! -r "$1" ]; then echo unreadable
  else echo there
  fi
}
provision_key_kind() {
  provision_there=$(provision_kind "$1")
  if [ "$provision_there" != there ]; then echo "$provision_there"
  elif [ ! -s "$1" ]; then echo empty
  elif grep -q -e 'ENCRYPTED' "$1"; then echo encrypted
  elif grep -q -e '-----BEGIN OPENSSH PRIVATE KEY' "$1"; then echo openssh
  elif ! command -v openssl >/dev/null; then echo no-openssl
  elif openssl pkey -in "$1" -passin pass: -noout 2>/dev/null </dev/null; then
    if grep -q -e '-----BEGIN' "$1"; then echo there; else echo der; fi
  elif grep -q -e 'PRIVATE KEY-----' "$1"; then echo damaged
  elif grep -q -e 'CERTIFICATE-----' "$1"; then echo certificate
  else echo nothing
  fi
}
provision_key() {
  provision_there=$(provision_key_kind "$1")
  echo "key $provision_there"
  [ -f "$1" ] || return 0
  [ "$provision_there" != there ] ||
    printf 'public %s\\n' "$(openssl pkey -in "$1" -passin pass: -pubout 2>/dev/null </dev/null | base64 | tr -d '\\n')"
  provision_real=$(readlink -f -- "$1") || return 0
  provision_owner=$(stat -c %u -- "$provision_real")
  case $provision_owner in 0 | "$(id -u)" | "$SUDO_UID") ;;
  *) [ "$provision_owner" -lt 1000 ] || printf 'owner %s\\n' "$(stat -c %U -- "$provision_real")" ;;
  esac
  case $(stat -c %a -- "$provision_real") in *[4567]) ;; *) return 0 ;; esac
  while provision_real=\${provision_real%/*}; [ -n "$provision_real" ]; do
    case $(stat -c %a -- "$provision_real") in *[1357]) ;; *) return 0 ;; esac
  done
  echo 'exposed yes'
}`;

/** sh code that prints what is known of a key. */
export function keyScript(path: string): string {
  return `${functions}\nprovision_key ${quote(path)}`;
}

/** Reads what `keyScript` printed; undefined when it was not asked. */
export function readKey(answer: Answer): KeyState | undefined {
  const kind = answer.get('key');
  if (kind === undefined) return undefined;
  const publicKey = answer.bytes('public')?.toString('utf8') ?? '';
  return { kind, publicKey, owner: answer.get('owner') ?? '', exposed: answer.get('exposed') === 'yes' };
}

function contentFault(kind: string, path: string): string | undefined {
  const plain = `(umask 077; openssl pkey -in ${path} -out ${path}.plain)`;
  switch (kind) {
    case 'empty':
      return `the key ${path} is empty: restore it, or get a new certificate with a new key`;
    case 'encrypted':
      return `the key ${path} is encrypted, and a daemon has nobody to ask for the passphrase: decrypt it with ${plain} and give that file`;
    case 'openssh':
      return `the key ${path} is in OpenSSH's own format: convert a copy with ssh-keygen -p -m PEM -f COPY`;
    case 'no-openssl':
      return `openssl cannot read the key ${path}, for it is not installed: install openssl there`;
    case 'der':
      return `the key ${path} is not PEM: convert it with ${plain} and give that file`;
    case 'damaged':
      return `openssl cannot read the key ${path}: it is damaged; restore it, or get a new certificate with a new key`;
    case 'certificate':
      return `the key ${path} holds a certificate and no key: are two names swapped?`;
    case 'nothing':
      return `openssl cannot read the key ${path}: it holds no private key; give a PEM key`;
    default:
      return undefined;
  }
}

/** Why a key cannot be used, or may have been used by others; [] when nothing speaks against it. */
export function keyFaults(
  { kind, owner, exposed }: KeyState,
  path: string,
  user: string,
  issue: string,
): readonly string[] {
  const content = fileFault(kind, 'key', path, user, issue) ?? contentFault(kind, path);
  const others = exposed
    ? `the key ${path} can be read by everybody on its host: chmod 600 ${path}; and if others work there, get a new key`
    : undefined;
  const owned = owner
    ? `the key ${path} belongs to ${owner}, who can read and replace it: chown root ${path}`
    : undefined;
  return [content, others, owned].filter((fault) => fault !== undefined);
}
