import { didYouMean } from '../../../errors/did-you-mean.ts';
import { ProvisionError } from '../../../errors/problem.ts';
import { type IssuedCertificate, readRecord } from './issued-record.ts';
import { issuedStates } from './issued-state.ts';
import { parseAuthority } from './private-ca-files.ts';
import { noPrivateCa } from './private-ca-problem.ts';

/** An issued certificate and what has become of it. */
export type KnownCertificate = IssuedCertificate & {
  readonly state: ReturnType<typeof issuedStates>[number];
};

/** All certificates of a CA's record with their states. Throws ProvisionError when there is no CA. */
export function knownCertificates(directory: string, now: Date): readonly KnownCertificate[] {
  const authority = parseAuthority(directory);
  if (!authority) throw noPrivateCa(directory);
  const record = readRecord(directory);
  const states = issuedStates(record, authority.certificate, now);
  return record.map((issued, place) => ({ ...issued, state: states[place] ?? 'valid' }));
}

// Eight digits of a random number of 128 bits do not meet by chance.
function isSerial(text: string): boolean {
  return /^[0-9a-f]{8,40}$/i.test(text.replaceAll(':', ''));
}

/** The certificates that a person means: all with that name, or the one whose serial number begins so. Throws ProvisionError for none. */
export function findIssued(directory: string, text: string, now: Date): readonly KnownCertificate[] {
  const all = knownCertificates(directory, now);
  const named = all.filter(({ names }) => names.some((name) => name.toLowerCase() === text.toLowerCase()));
  if (named.length > 0) return named;
  const digits = text.replaceAll(':', '').toUpperCase();
  const numbered = isSerial(text) ? all.filter(({ serial }) => serial.startsWith(digits)) : [];
  if (numbered.length > 0) return numbered;
  const known = [...new Set(all.flatMap(({ names }) => names))];
  throw new ProvisionError([
    {
      code: 'unknown-certificate',
      message: `the private CA in ${directory} has issued no certificate for '${text}', nor one with that serial number`,
      hint: didYouMean(text, known) ?? '`provision ca show` lists what it has issued',
    },
  ]);
}
