import { rootCertificates } from 'node:tls';
import { firstFingerprint } from './certificate.ts';

let byFingerprint: ReadonlyMap<string | undefined, string> | undefined;

/** The root certificate (PEM) with this SHA-256 fingerprint (`AA:BB:..`) among those that Node carries: needs no network. */
export function bundledRoot(fingerprint256: string): string | undefined {
  byFingerprint ??= new Map(rootCertificates.map((pem) => [firstFingerprint(pem), `${pem.trim()}\n`]));
  return byFingerprint.get(fingerprint256);
}
