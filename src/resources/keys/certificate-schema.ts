import { type Static, Type } from 'typebox';
import { hostPath, notBoth, ownershipArguments } from '../argument-schemas.ts';
import { cryptoBackend } from './crypto-backend.ts';

const place = (description: string) => Type.Optional(hostPath(description));
const secret = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const time = (fallback: string, description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{14}Z$|^[+-](\\d+[wW])?(\\d+[dD])?(\\d+[hH])?(\\d+[mM])?(\\d+[sS]?)?$',
      default: fallback,
      description: `${description}: +52w1d3h2m1s from now, or 20300101000000Z`,
    }),
  );
const digest = Type.Optional(
  Type.String({ pattern: '^[a-z0-9-]+$', default: 'sha256', description: 'how it is signed' }),
);
const version = Type.Optional(Type.Literal(3, { default: 3, description: 'there is one only' }));
const identifier = Type.Optional(
  Type.Enum(['create_if_not_provided', 'always_create', 'never_create'], {
    default: 'create_if_not_provided',
    description: 'whether it names its key by a sum',
  }),
);

/** The arguments of `x509_certificate`, as Ansible names them. */
export const certificateSchema = Type.Object(
  {
    path: hostPath('the certificate'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    provider: Type.Optional(
      Type.Enum(['selfsigned', 'ownca', 'acme', 'entrust'], {
        description: 'who signs it: its own key, or a CA of yours; acme and entrust are refused',
      }),
    ),
    csr_path: place('the request'),
    csr_content: secret('the request itself'),
    privatekey_path: place('its private key'),
    privatekey_content: secret('the key itself; it travels over stdin'),
    privatekey_passphrase: secret('what protects it'),
    selfsigned_version: version,
    selfsigned_digest: digest,
    selfsigned_not_before: time('+0s', 'when it begins'),
    selfsigned_not_after: time('+3650d', 'when it ends'),
    selfsigned_create_subject_key_identifier: identifier,
    ownca_path: place("the CA's certificate"),
    ownca_content: secret('that itself'),
    ownca_privatekey_path: place("the CA's private key"),
    ownca_privatekey_content: secret('that itself; it travels over stdin'),
    ownca_privatekey_passphrase: secret('what protects it'),
    ownca_version: version,
    ownca_digest: digest,
    ownca_not_before: time('+0s', 'when it begins'),
    ownca_not_after: time('+3650d', 'when it ends'),
    ownca_create_subject_key_identifier: identifier,
    ownca_create_authority_key_identifier: flag("it names the CA's key", true),
    ignore_timestamps: flag('other times are no reason to make it anew', true),
    acme_accountkey_path: place('of acme'),
    acme_challenge_path: place('of acme'),
    acme_chain: flag('of acme'),
    acme_directory: secret('of acme'),
    force: flag('make it anew each time'),
    backup: flag('keep the old one beside it, with the time in its name'),
    return_content: flag('the result has it'),
    select_crypto_backend: cryptoBackend,
    ...ownershipArguments,
  },
  {
    additionalProperties: false,
    allOf: [
      notBoth('csr_path', 'csr_content'),
      notBoth('privatekey_path', 'privatekey_content'),
      notBoth('ownca_path', 'ownca_content'),
      notBoth('ownca_privatekey_path', 'ownca_privatekey_content'),
    ],
  },
);

export type CertificateArguments = Static<typeof certificateSchema>;

/** Other names of the arguments. */
export const certificateAliases = {
  selfsigned_not_before: ['selfsigned_notBefore'],
  selfsigned_not_after: ['selfsigned_notAfter'],
};
