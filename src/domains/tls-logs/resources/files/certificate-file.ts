import type { Answer } from '../../../../probes/answer.ts';
import { quote } from '../../../../shell/quote.ts';

/** What is at a certificate's place that is no certificate in PEM, and where others may be. */
export interface CertificateFile {
  /** `loop` and `dangling` of links, else of a file without PEM: `pkcs12`, `traefik`, `json`. */
  readonly nature: string | undefined;
  /** Where the link ends that leads nowhere. */
  readonly target: string | undefined;
  /** A certificate of the wanted name that some other program keeps on the host. */
  readonly elsewhere: string | undefined;
  /** Names of files beside it that make up a chain. */
  readonly beside: readonly string[];
}

// Nothing but builtins as long as the file begins as a PEM file does. PKCS#12 with a passphrase is known by what openssl lacks.
const nature = `provision_nature() {
  if [ -L "$1" ] && [ ! -e "$1" ]; then
    case $(LC_ALL=C cat -- "$1" 2>&1 >/dev/null) in
      *[Ll]oop* | *levels*) echo 'nature loop' ;;
      *) printf 'nature dangling\\ntarget %s\\n' "$(readlink -- "$1")" ;;
    esac
  fi
  [ -f "$1" ] && [ -r "$1" ] || return 0
  provision_line=
  { IFS= read -r provision_line <"$1"; } 2>/dev/null
  case $provision_line in
    *-----BEGIN*) return 0 ;;
    '{'* | '['*) if grep -q '"Certificates"' "$1"; then echo 'nature traefik'; else echo 'nature json'; fi; return 0 ;;
  esac
  grep -q -e '-----BEGIN' -- "$1" && return 0
  command -v openssl >/dev/null || return 0
  case $(openssl pkcs12 -in "$1" -passin pass: -nokeys -info 2>&1 </dev/null) in
    *[Mm]'ac verify'* | *'invalid password'* | *'MAC:'* | *'MAC length'*) echo 'nature pkcs12' ;;
  esac
}`;

/** Where programs that get certificates keep the one for a name; builtins only. */
function elsewhereScript(name: string, certificate: string): string {
  const n = quote(name);
  const places = [
    `/etc/letsencrypt/live/${n}/fullchain.pem`,
    `/etc/letsencrypt/live/${n}-[0-9]*/fullchain.pem`,
    ...['"$HOME"', '/root', '/home/*', '/etc', '/usr/local/share', '/opt'].flatMap((home) =>
      ['.acme.sh', 'acme.sh'].flatMap((tool) => [
        `${home}/${tool}/${n}_ecc/fullchain.cer`,
        `${home}/${tool}/${n}/fullchain.cer`,
      ]),
    ),
    ...[
      '"$HOME"/.lego',
      '/root/.lego',
      '/home/*/.lego',
      '/etc/lego',
      '/var/lib/lego',
      '/var/lib/acme',
      '/opt/lego',
    ].map((home) => `${home}/certificates/${n}.crt`),
    `/var/lib/caddy/.local/share/caddy/certificates/*/${n}/${n}.crt`,
    '/usr/syno/etc/certificate/system/default/fullchain.pem',
    ...[
      '/etc/traefik',
      '',
      '/letsencrypt',
      '/opt/traefik',
      '/srv/traefik',
      '"$HOME"/traefik',
      '/root/traefik',
    ].map((home) => `${home}/acme.json`),
  ];
  return `if [ ! -e ${quote(certificate)} ]; then
  for provision_other in ${places.join(' ')}; do
    [ "$provision_other" = ${quote(certificate)} ] || [ ! -s "$provision_other" ] || { printf 'elsewhere %s\\n' "$provision_other"; break; }
  done
fi`;
}

// A whole chain first, then what makes one of a certificate.
function chainNames(certificate: string): readonly string[] {
  const stem = certificate.replaceAll(/^.*\/|\.[^./]*$/g, '');
  const own = certificate.slice(certificate.lastIndexOf('/') + 1);
  const names = ['fullchain.pem', 'fullchain.cer', 'chain.pem', 'ca.cer', `${stem}.issuer.crt`];
  return names.filter((name) => name !== own);
}

function besideScript(certificate: string): string {
  const directory = certificate.slice(0, certificate.lastIndexOf('/') + 1);
  return chainNames(certificate)
    .map((name, n) => `[ ! -s ${quote(directory + name)} ] || echo 'beside${n} yes'`)
    .join('\n');
}

/** sh code that prints what `readCertificateFile` reads. */
export function certificateFileScript(certificate: string, name: string | undefined): string {
  return [
    nature,
    `provision_nature ${quote(certificate)}`,
    name === undefined ? ':' : elsewhereScript(name, certificate),
    besideScript(certificate),
  ].join('\n');
}

/** Reads what `certificateFileScript` printed. */
export function readCertificateFile(answer: Answer, certificate: string): CertificateFile {
  return {
    nature: answer.get('nature'),
    target: answer.get('target'),
    elsewhere: answer.get('elsewhere'),
    beside: chainNames(certificate).filter((_, n) => answer.get(`beside${n}`) !== undefined),
  };
}
