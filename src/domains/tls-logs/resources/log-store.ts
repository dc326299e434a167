import { type Static, Type } from 'typebox';
import { scriptProbe } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import {
  readStorageEncryption,
  type StorageEncryption,
  storageEncryptionScript,
} from '../probes/storage-encryption.ts';

const schema = Type.Object(
  { path: hostPath('the directory, or what of it is there') },
  { additionalProperties: false },
);

/** Looks how what lies in a directory is encrypted: LUKS, fscrypt, ZFS, gocryptfs, or not at all. Changes nothing. */
export const logStore: HostResource<Static<typeof schema>, StorageEncryption> = {
  kind: 'host',
  name: 'log_store',
  summary:
    'Look how received lines are encrypted where they lie: LUKS, fscrypt, ZFS, gocryptfs or not at all',
  schema,
  effect: 'read',
  probe: ({ path }) =>
    scriptProbe({
      script: `${storageEncryptionScript(path)}\necho "$encryption"`,
      parse: ({ stdout }) => readStorageEncryption(stdout.trim()),
    }),
  diff: () => [],
  steps: () => [],
  result: ({ path }, encryption) => ({ path, encryption }),
};
