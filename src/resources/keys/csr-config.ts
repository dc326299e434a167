import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { CsrArguments } from './csr-schema.ts';

/** Names and values of a subject in their order. */
export function subjectOf(want: CsrArguments): readonly (readonly [name: string, value: string])[] {
  const pairs = (names: Readonly<Record<string, unknown>>) =>
    Object.entries(names).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)] as const),
    );
  if (want.subject_ordered) return want.subject_ordered.flatMap(pairs);
  const own: readonly (readonly [string, string | undefined])[] = [
    ['C', want.country_name],
    ['ST', want.state_or_province_name],
    ['L', want.locality_name],
    ['O', want.organization_name],
    ['OU', want.organizational_unit_name],
    ['CN', want.common_name],
    ['emailAddress', want.email_address],
  ];
  const given = own.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
  return [...given, ...pairs(want.subject ?? {})];
}

/** Other names of the subject: those that are wanted, or its common name. */
export function alternativeNames(want: CsrArguments): readonly string[] {
  const { subject_alt_name: names = [], use_common_name_for_san: common = true } = want;
  if (names.length > 0 || !common) return names;
  const [, found] = subjectOf(want).find(([name]) => name === 'CN' || name === 'commonName') ?? [];
  return found === undefined ? [] : [`DNS:${found}`];
}

function escaped(value: string): string {
  return value.replaceAll(/[\\$#"']/g, '\\$&');
}

// Names with spaces are what a certificate shows; openssl is told shorter ones.
const usages: Readonly<Record<string, string>> = {
  'Digital Signature': 'digitalSignature',
  'Non Repudiation': 'nonRepudiation',
  'Content Commitment': 'nonRepudiation',
  contentCommitment: 'nonRepudiation',
  'Key Encipherment': 'keyEncipherment',
  'Data Encipherment': 'dataEncipherment',
  'Key Agreement': 'keyAgreement',
  'Certificate Sign': 'keyCertSign',
  'CRL Sign': 'cRLSign',
  'Encipher Only': 'encipherOnly',
  'Decipher Only': 'decipherOnly',
  'TLS Web Server Authentication': 'serverAuth',
  'TLS Web Client Authentication': 'clientAuth',
  'Code Signing': 'codeSigning',
  'E-mail Protection': 'emailProtection',
  'Time Stamping': 'timeStamping',
  'OCSP Signing': 'OCSPSigning',
  'Any Extended Key Usage': 'anyExtendedKeyUsage',
};

function numbered(entries: readonly string[]): readonly string[] {
  return entries.map((entry, index) => {
    const [, kind = 'DNS', value = ''] = /^([^:]+):([\s\S]*)$/.exec(entry) ?? [];
    return `${kind}.${index} = ${escaped(value)}`;
  });
}

function colons(hex: string): string {
  return (hex.replaceAll(':', '').match(/../g) ?? []).join(':').toUpperCase();
}

/** The configuration of openssl for a request, apart from its key. */
function csrConfig(want: CsrArguments): string {
  const names = alternativeNames(want);
  const critical = (is: boolean | undefined) => (is ? 'critical, ' : '');
  const extensions: string[] = [];
  const sections: string[] = [];
  const add = (name: string, is: boolean | undefined, values: readonly string[] | undefined) => {
    if (values && values.length > 0) extensions.push(`${name} = ${critical(is)}${values.join(', ')}`);
  };
  if (names.length > 0) {
    extensions.push(`subjectAltName = ${critical(want.subject_alt_name_critical)}@names`);
    sections.push('[names]', ...numbered(names));
  }
  const short = (list: readonly string[] | undefined) => list?.map((one) => usages[one] ?? one);
  add('keyUsage', want.key_usage_critical, short(want.key_usage));
  add('extendedKeyUsage', want.extended_key_usage_critical, short(want.extended_key_usage));
  add('basicConstraints', want.basic_constraints_critical, want.basic_constraints);
  add('tlsfeature', want.ocsp_must_staple_critical, want.ocsp_must_staple ? ['status_request'] : []);
  const constraints = [
    ...(want.name_constraints_permitted ?? []).map((one) => `permitted;${one}`),
    ...(want.name_constraints_excluded ?? []).map((one) => `excluded;${one}`),
  ];
  add('nameConstraints', want.name_constraints_critical, constraints.map(escaped));
  if (want.create_subject_key_identifier) extensions.push('subjectKeyIdentifier = hash');
  else if (want.subject_key_identifier !== undefined)
    extensions.push(`subjectKeyIdentifier = ${colons(want.subject_key_identifier)}`);
  if (want.authority_key_identifier !== undefined) {
    const bytes = colons(want.authority_key_identifier).split(':');
    const length = (count: number) => count.toString(16).padStart(2, '0').toUpperCase();
    extensions.push(
      `authorityKeyIdentifier = DER:${['30', length(bytes.length + 2), '80', length(bytes.length), ...bytes].join(':')}`,
    );
  }
  const points = want.crl_distribution_points ?? [];
  add(
    'crlDistributionPoints',
    false,
    points.map((_, index) => `point${index}`),
  );
  for (const [index, { full_name: full = [], reasons = [] }] of points.entries())
    sections.push(
      `[point${index}]`,
      ...(full.length > 0 ? [`fullname = ${full.map(escaped).join(', ')}`] : []),
      ...(reasons.length > 0 ? [`reasons = ${reasons.map(reason).join(', ')}`] : []),
    );
  const subject = subjectOf(want).map(([name, value], index) => `${index}.${name} = ${escaped(value)}`);
  return [
    '[req]',
    'prompt = no',
    'utf8 = yes',
    'string_mask = utf8only',
    'distinguished_name = subject',
    ...(extensions.length > 0 ? ['req_extensions = extensions'] : []),
    '[subject]',
    ...subject,
    ...(extensions.length > 0 ? ['[extensions]', ...extensions] : []),
    ...sections,
    '',
  ].join('\n');
}

// As openssl has them: keyCompromise for key_compromise.
function reason(name: string): string {
  return name
    .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[ac]aC/, (start) => start.toUpperCase());
}

/** sh code that lets openssl have a private key as `/dev/fd/4`, or by its path; `$provision_phrase` protects it. */
function keyReach(path: string | undefined, content: string | undefined, phrase: string | undefined) {
  const lines = [`provision_phrase=${quote(phrase ?? '')}; export provision_phrase`];
  return {
    before: lines.join('\n'),
    key: content === undefined ? quote(path ?? '') : '/dev/stdin',
    input: content === undefined ? '' : `{ ${printBytes(content)}\n} | `,
  };
}

/** sh code that prints a new request. */
export function csrCode(want: CsrArguments): string {
  const { privatekey_path: path, privatekey_content: content, privatekey_passphrase: phrase } = want;
  const { before, key, input } = keyReach(path, content, phrase);
  const empty = subjectOf(want).length === 0 ? ' -subj /' : '';
  const command = `openssl req -new -batch -utf8 ${quote(`-${want.digest ?? 'sha256'}`)}${empty} -key ${key} -passin env:provision_phrase -config /dev/fd/3`;
  return `${before}
${input}${command} 3<<'provision_end'
${csrConfig(want)}provision_end`;
}
