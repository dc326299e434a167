import type { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProvisionError } from '../../../errors/problem.ts';
import { parseCertificates } from '../certificates/certificate.ts';
import { permittedNames } from '../certificates/name-constraints.ts';
import { type KnownCertificate, knownCertificates } from './issued-search.ts';
import { caFiles, parseAuthority, readStoredKey } from './private-ca-files.ts';
import { noPrivateCa } from './private-ca-problem.ts';

/** A root that was replaced. */
export interface PreviousRoot {
  readonly certificate: X509Certificate;
  readonly keyKept: boolean;
}

/** All that is to be known of a CA without its key. */
export interface CaOverview {
  readonly certificate: X509Certificate;
  readonly permitted: readonly string[];
  readonly key: 'plain' | 'encrypted' | 'unusable';
  /** What is wrong with the key. */
  readonly trouble: string | undefined;
  /** Latest first. */
  readonly previous: readonly PreviousRoot[];
  /** Oldest first. */
  readonly issued: readonly KnownCertificate[];
}

/** Looks at a CA; asks for no passphrase. Throws ProvisionError when there is none or its certificate is damaged. */
export function caOverview(directory: string, now: Date): CaOverview {
  const authority = parseAuthority(directory);
  if (!authority) throw noPrivateCa(directory);
  const { certificate } = authority;
  return {
    certificate,
    permitted: permittedNames(certificate),
    ...keyOf(directory),
    previous: previousRoots(directory, certificate),
    issued: knownCertificates(directory, now),
  };
}

function keyOf(directory: string): Pick<CaOverview, 'key' | 'trouble'> {
  try {
    return { key: readStoredKey(directory).kind === 'plain' ? 'plain' : 'encrypted', trouble: undefined };
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    const [problem] = error.problems;
    return { key: 'unusable', trouble: `${problem?.message}; ${problem?.hint}` };
  }
}

function previousRoots(directory: string, present: X509Certificate): readonly PreviousRoot[] {
  const folder = join(directory, caFiles.previous);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const roots = names
    .filter((name) => /^[0-9A-F]+\.pem$/.test(name))
    .flatMap((name) => parseCertificates(readFileSync(join(folder, name), 'utf8')).slice(0, 1))
    // A renewal that was cut off may have kept the root that is still in force.
    .filter(({ serialNumber }) => serialNumber !== present.serialNumber);
  return roots
    .toSorted((one, other) => other.validFromDate.getTime() - one.validFromDate.getTime())
    .map((certificate) => ({
      certificate,
      keyKept: names.some((name) => name.startsWith(`${certificate.serialNumber}-key`)),
    }));
}
