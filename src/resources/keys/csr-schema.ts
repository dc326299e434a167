import { type Static, Type } from 'typebox';
import { hostPath, ownershipArguments } from '../argument-schemas.ts';
import { cryptoBackend } from './crypto-backend.ts';

const line = '^[^\\n\\u0000]*$';
const text = (description: string) => Type.Optional(Type.String({ pattern: line, description }));
const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: line }), { description }));
const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const hex = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{2}(:?[0-9a-fA-F]{2})*$', description }));
const name = (description: string) =>
  Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]*$|^[0-9.]+$' }), Type.Any(), { description });

const point = Type.Object(
  {
    full_name: texts('addresses, as in URI:http://...'),
    relative_name: texts('refused'),
    crl_issuer: texts('refused'),
    reasons: texts('for which reasons'),
  },
  { additionalProperties: false },
);

/** The arguments of `openssl_csr`, as Ansible names them. */
export const csrSchema = Type.Object(
  {
    path: hostPath('the request'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    privatekey_path: Type.Optional(hostPath('the private key that signs it')),
    privatekey_content: Type.Optional(
      Type.String({ minLength: 1, description: 'the key itself; it travels over stdin' }),
    ),
    privatekey_passphrase: Type.Optional(Type.String({ minLength: 1, description: 'what protects the key' })),
    digest: Type.Optional(
      Type.String({ pattern: '^[a-z0-9-]+$', default: 'sha256', description: 'how it is signed' }),
    ),
    version: Type.Optional(Type.Literal(1, { default: 1, description: 'there is one only' })),
    subject: Type.Optional(name('names and values of its subject')),
    subject_ordered: Type.Optional(
      Type.Array(name('one of them'), { description: 'names and values in their order, and nothing else' }),
    ),
    country_name: text('its country, two letters'),
    state_or_province_name: text('its state'),
    locality_name: text('its city'),
    organization_name: text('its organisation'),
    organizational_unit_name: text('the part of that'),
    common_name: text('its name'),
    email_address: text('its address'),
    subject_alt_name: texts('its other names, as in DNS:host or IP:10.0.0.1'),
    subject_alt_name_critical: flag('they must be understood'),
    use_common_name_for_san: flag('without other names, the common name is one', true),
    key_usage: texts('what the key is for, as in digitalSignature'),
    key_usage_critical: flag('that must be understood'),
    extended_key_usage: texts('what the certificate is for, as in serverAuth'),
    extended_key_usage_critical: flag('that must be understood'),
    basic_constraints: texts('as in CA:TRUE and pathlen:0'),
    basic_constraints_critical: flag('that must be understood'),
    ocsp_must_staple: flag('servers must staple'),
    ocsp_must_staple_critical: flag('that must be understood'),
    name_constraints_permitted: texts('names that a CA may sign, as in DNS:example.org'),
    name_constraints_excluded: texts('names that it may not'),
    name_constraints_critical: flag('that must be understood'),
    create_subject_key_identifier: flag('it names its key by a sum'),
    subject_key_identifier: hex('or by this'),
    authority_key_identifier: hex('the key of who signs'),
    authority_cert_issuer: texts('refused'),
    authority_cert_serial_number: Type.Optional(Type.Integer({ minimum: 0, description: 'refused' })),
    crl_distribution_points: Type.Optional(
      Type.Array(point, { description: 'where revocations are published' }),
    ),
    force: flag('make it anew each time'),
    backup: flag('keep the old one beside it, with the time in its name'),
    return_content: flag('the result has it'),
    select_crypto_backend: cryptoBackend,
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

export type CsrArguments = Static<typeof csrSchema>;

/** Other names of the arguments. */
export const csrAliases = {
  country_name: ['C', 'countryName'],
  state_or_province_name: ['ST', 'stateOrProvinceName'],
  locality_name: ['L', 'localityName'],
  organization_name: ['O', 'organizationName'],
  organizational_unit_name: ['OU', 'organizationalUnitName'],
  common_name: ['CN', 'commonName'],
  email_address: ['E', 'emailAddress'],
  subject_alt_name: ['subjectAltName'],
  subject_alt_name_critical: ['subjectAltName_critical'],
  use_common_name_for_san: ['useCommonNameForSAN'],
  key_usage: ['keyUsage'],
  key_usage_critical: ['keyUsage_critical'],
  extended_key_usage: ['extKeyUsage', 'extendedKeyUsage'],
  extended_key_usage_critical: ['extKeyUsage_critical', 'extendedKeyUsage_critical'],
  basic_constraints: ['basicConstraints'],
  basic_constraints_critical: ['basicConstraints_critical'],
  ocsp_must_staple: ['ocspMustStaple'],
  ocsp_must_staple_critical: ['ocspMustStaple_critical'],
};
