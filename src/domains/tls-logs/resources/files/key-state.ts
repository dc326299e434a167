import type { Answer } from '../../../../probes/answer.ts';
import { quote } from '../../../../shell/quote.ts';
import { fileFault } from './file-fault.ts';

/** A private key's file on the host: its public half, who may read it, and what is wrong with it. */
export interface KeyState {
  /** `there`, what else stands at the path, or what the file holds instead of a key that openssl reads. */
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
 * (Caddy, a user for acme.sh): a system account. A good key costs three processes: every run looks at each.
 */
const functions = `provision_key_kind() {
  provision_public=
  if [ -d "$1" ]; then provision_kind=directory
  elif [ ! -e "$1" ]; then provision_kind=missing
  elif [ ! -f "$1" ]; then provision_kind=special
  elif [ ! -r "$1" ]; then provision_kind=unreadable
  elif [ ! -s "$1" ]; then provision_kind=empty
  else
    provision_words=$(grep -a -o -E -e 'ENCRYPTED|-----BEGIN OPENSSH PRIVATE KEY|-----BEGIN|PRIVATE KEY-----|CERTIFICATE-----' "$1")
    case $provision_words in
    *ENCRYPTED*) provision_kind=encrypted; return ;;
    *OPENSSH*) provision_kind=openssh; return ;;
    esac
    if ! command -v openssl >/dev/null; then provision_kind=no-openssl
    elif provision_public=$(openssl pkey -in "$1" -passin pass: -pubout 2>/dev/null </dev/null); then
      case $provision_words in *BEGIN*) provision_kind=there ;; *) provision_kind=der provision_public= ;; esac
    else
      case $provision_words in
      *PRIVATE*) provision_kind=damaged ;;
      *CERTIFICATE*) provision_kind=certificate ;;
      *) provision_kind=nothing ;;
      esac
    fi
  fi
}
provision_key() {
  provision_key_kind "$1"
  echo "key $provision_kind"
  [ -f "$1" ] || return 0
  if [ -n "$provision_public" ]; then
    provision_ifs=$IFS IFS='
'
    printf public
    printf ' %s' $provision_public
    echo
    IFS=$provision_ifs
  fi
  provision_owner=$(stat -L -c '%u %a' -- "$1") || return 0
  provision_mode=\${provision_owner#* } provision_owner=\${provision_owner% *}
  case $provision_owner in 0 | "$(id -u)" | "$SUDO_UID") ;;
  *) [ "$provision_owner" -lt 1000 ] || printf 'owner %s\\n' "$(stat -L -c %U -- "$1")" ;;
  esac
  case $provision_mode in *[4567]) ;; *) return 0 ;; esac
  provision_real=$(readlink -f -- "$1") || return 0
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
  // Its lines came as words of one.
  const [, body] =
    /^-----BEGIN PUBLIC KEY----- (.*) -----END PUBLIC KEY-----$/.exec(answer.get('public') ?? '') ?? [];
  const lines = ['-----BEGIN PUBLIC KEY-----', ...(body?.split(' ') ?? []), '-----END PUBLIC KEY-----', ''];
  const publicKey = body === undefined ? '' : lines.join('\n');
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
