import { Type } from 'typebox';

/** An argument of Ansible's modules for keys and certificates that has nothing to choose here. */
export const cryptoBackend = Type.Optional(
  Type.Enum(['auto', 'cryptography'], {
    default: 'auto',
    description: "accepted: the host's openssl it is",
  }),
);
