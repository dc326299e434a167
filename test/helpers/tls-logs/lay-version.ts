import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lays a certificate and its key into a store, as a version. */
export function layVersion(
  dest: string,
  version: string,
  pair: { readonly pem: string; readonly key: string },
): void {
  mkdirSync(join(dest, version), { recursive: true });
  writeFileSync(join(dest, version, 'fullchain.pem'), pair.pem, { mode: 0o644 });
  writeFileSync(join(dest, version, 'privkey.pem'), pair.key, { mode: 0o600 });
}
