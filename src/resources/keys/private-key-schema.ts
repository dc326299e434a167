import { type Static, Type } from 'typebox';
import { hostPath, ownershipArguments } from '../argument-schemas.ts';
import { cryptoBackend } from './crypto-backend.ts';

/** Arguments of a private key for TLS. */
export const privateKeySchema = Type.Object(
  {
    path: hostPath('the key'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    type: Type.Optional(
      Type.Enum(['DSA', 'ECC', 'Ed25519', 'Ed448', 'RSA', 'X25519', 'X448'], {
        default: 'RSA',
        description: 'kind of key',
      }),
    ),
    size: Type.Optional(Type.Integer({ minimum: 1, default: 4096, description: 'bits of RSA and DSA' })),
    curve: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9]+$', description: 'of ECC, which needs it, as in secp384r1' }),
    ),
    passphrase: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]+$',
        description: 'protects the key; openssl gets it in its environment',
      }),
    ),
    cipher: Type.Optional(Type.Enum(['auto'], { description: 'how it is protected: with AES' })),
    format: Type.Optional(
      Type.Enum(['pkcs1', 'pkcs8', 'raw', 'auto', 'auto_ignore'], {
        default: 'auto_ignore',
        description:
          'how it is written; auto is pkcs1 where there is such a thing, auto_ignore only for a new key',
      }),
    ),
    format_mismatch: Type.Optional(
      Type.Enum(['regenerate', 'convert'], {
        default: 'regenerate',
        description: 'what becomes of a key that is written in another format',
      }),
    ),
    regenerate: Type.Optional(
      Type.Enum(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'], {
        default: 'full_idempotence',
        description: 'when a key that is there is made anew',
      }),
    ),
    force: Type.Optional(Type.Boolean({ default: false, description: 'make it anew each time' })),
    backup: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'keep the old key beside the new one, with the time in its name',
      }),
    ),
    return_content: Type.Optional(
      Type.Boolean({ default: false, description: 'true is refused: no key leaves its host' }),
    ),
    select_crypto_backend: cryptoBackend,
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

export type PrivateKeyArguments = Static<typeof privateKeySchema>;
