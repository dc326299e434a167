import { printFunction } from '../../probes/answer.ts';
import { withoutRoots } from '../../shell/openssl.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { CertificateArguments } from './certificate-schema.ts';
import { nameOptions } from './x509-text.ts';

/** When a certificate is valid: seconds from now, or a moment as openssl writes it. */
export type Moment = { readonly seconds: number } | { readonly moment: string };

/** Reads `+52w1d3h2m1s`, or a moment. */
export function readMoment(text: string): Moment {
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^([+-])(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/i.exec(text) ?? [];
  if (sign === undefined) return { moment: text };
  const all =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return { seconds: sign === '-' ? -all : all };
}

/** What is said of a certificate by who signs it. */
export function signing(want: CertificateArguments) {
  const own = want.provider === 'ownca';
  return {
    own,
    digest: (own ? want.ownca_digest : want.selfsigned_digest) ?? 'sha256',
    from: readMoment((own ? want.ownca_not_before : want.selfsigned_not_before) ?? '+0s'),
    to: readMoment((own ? want.ownca_not_after : want.selfsigned_not_after) ?? '+3650d'),
    identifier:
      (own ? want.ownca_create_subject_key_identifier : want.selfsigned_create_subject_key_identifier) ??
      'create_if_not_provided',
    phrase: (own ? want.ownca_privatekey_passphrase : want.privatekey_passphrase) ?? '',
  };
}

// Names the files that are worked with; what was given by its content lies in a directory that goes with the section.
function materials(want: CertificateArguments): string {
  const { own, phrase } = signing(want);
  const contents = [
    want.csr_content,
    own ? want.ownca_content : undefined,
    own ? want.ownca_privatekey_content : want.privatekey_content,
  ];
  const file = (name: string, path: string | undefined, content: string | undefined) =>
    content === undefined
      ? `provision_${name}=${quote(path ?? '')}`
      : `provision_${name}=$provision_own/${name}\n{ ${printBytes(content)}\n} >"$provision_${name}" || exit 1`;
  return [
    ...(contents.some((one) => one !== undefined) ? [ownDirectory] : []),
    `provision_phrase=${quote(phrase)}; export provision_phrase`,
    file('csr', want.csr_path, want.csr_content),
    file('ca', own ? want.ownca_path : undefined, own ? want.ownca_content : undefined),
    own
      ? file('key', want.ownca_privatekey_path, want.ownca_privatekey_content)
      : file('key', want.privatekey_path, want.privatekey_content),
  ].join('\n');
}

const ownDirectory = `umask 077
provision_own=$(mktemp -d) || exit 1
trap 'rm -rf -- "$provision_own"' EXIT
trap 'exit 129' HUP INT TERM`;

/** sh code that prints what is there and what it is compared with. */
export function certificateQuestion(want: CertificateArguments): string {
  if (want.state === 'absent') return ':';
  const { own } = signing(want);
  const file = quote(want.path);
  const needs = (name: string) =>
    `[ -z "$provision_${name}" ] || [ -f "$provision_${name}" ] || { echo 'lacks ${name}'; exit 0; }`;
  const sum = 'openssl sha256 -r 2>/dev/null';
  return `${printFunction}
command -v openssl >/dev/null || { echo 'program no'; exit 0; }
${materials(want)}
${['csr', 'ca', 'key'].map(needs).join('\n')}
if [ -n "$provision_csr" ]; then
  provision_print csr "$(openssl req -noout -text ${nameOptions} 2>/dev/null <"$provision_csr")"
  printf 'csrkey %s\\n' "$(openssl req -noout -pubkey 2>/dev/null <"$provision_csr" | ${sum})"
fi
printf 'key %s\\n' "$(openssl pkey -in "$provision_key" -passin env:provision_phrase -pubout 2>/dev/null </dev/null | ${sum})"
${own ? `provision_print ca "$(${withoutRoots} openssl x509 -noout -text ${nameOptions} 2>/dev/null <"$provision_ca")"\nprintf 'cakey %s\\n' "$(${withoutRoots} openssl x509 -noout -pubkey 2>/dev/null <"$provision_ca" | ${sum})"` : ''}
[ -f ${file} ] || exit 0
provision_print found "$(${withoutRoots} openssl x509 -noout -text ${nameOptions} 2>/dev/null <${file})"
provision_print content "$(cat ${file})"
printf 'foundkey %s\\n' "$(${withoutRoots} openssl x509 -noout -pubkey 2>/dev/null <${file} | ${sum})"
provision_print verified "$(openssl verify -no_check_time -partial_chain -trusted ${own ? '"$provision_ca"' : file} ${file} 2>&1)"
provision_print dates "$(${withoutRoots} openssl x509 -noout -startdate -enddate <${file} 2>/dev/null)"
printf 'now %s\\n' "$(date +%s)"`;
}

function momentCode(moment: Moment): string {
  if ('moment' in moment) return moment.moment;
  return `$(date -u -d "@$(($(date +%s) + ${moment.seconds}))" +%Y%m%d%H%M%SZ)`;
}

/** sh code that prints a new certificate. */
export function certificateCode(want: CertificateArguments): string {
  const { own, digest, from, to, identifier } = signing(want);
  const names = [
    'countryName',
    'stateOrProvinceName',
    'localityName',
    'organizationName',
    'organizationalUnitName',
    'commonName',
    'emailAddress',
  ];
  // openssl 3 adds both where nothing is said of them; older ones do not know the word none.
  const added = [
    identifier === 'never_create'
      ? '$provision_no subjectKeyIdentifier = none'
      : 'subjectKeyIdentifier = hash',
    own && want.ownca_create_authority_key_identifier !== false
      ? 'authorityKeyIdentifier = keyid'
      : '$provision_no authorityKeyIdentifier = none',
  ];
  // Without a request, one with nothing in it.
  return `( ${ownDirectory}
${materials(want)
  .split('\n')
  .filter((line) => !ownDirectory.split('\n').includes(line))
  .join('\n')}
: >"$provision_own/index"
case $(openssl version) in 'OpenSSL 1.'*) provision_no='#' ;; *) provision_no= ;; esac
cat >"$provision_own/conf" <<provision_end
[ca]
default_ca = own
[own]
database = $provision_own/index
new_certs_dir = $provision_own
rand_serial = yes
default_md = ${digest}
policy = any
copy_extensions = ${identifier === 'always_create' ? 'copy' : 'copyall'}
unique_subject = no
preserve = yes
x509_extensions = added
[any]
${names.map((name) => `${name} = optional`).join('\n')}
[added]
${added.join('\n')}
provision_end
[ -n "$provision_csr" ] || { provision_csr=$provision_own/request
  printf '[req]\\nprompt=no\\ndistinguished_name=none\\n[none]\\n' | openssl req -new -batch -subj / -key "$provision_key" -passin env:provision_phrase -config /dev/stdin -out "$provision_csr" || exit 1; }
provision_said=$(openssl ca -batch -utf8 -notext -config "$provision_own/conf" -in "$provision_csr" -keyfile "$provision_key" -passin env:provision_phrase ${own ? '-cert "$provision_ca"' : '-selfsign'} -startdate "${momentCode(from)}" -enddate "${momentCode(to)}" -out "$provision_own/made" 2>&1 </dev/null) && [ -s "$provision_own/made" ] || { printf '%s\\n' "$provision_said" >&2; exit 1; }
cat "$provision_own/made" )`;
}
