import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { appendLines } from './durable-files.ts';
import { contentIfThere } from './private-ca-files.ts';

/*
 * One JSON line says something about one serial number; later lines add to it: first what was issued, then perhaps that
 * it was revoked, or that it is to be renewed.
 */
const recordFile = 'issued.jsonl';

/** One certificate that the CA issued, with what was decided about it since. Times are ISO 8601 in UTC. */
export interface IssuedCertificate {
  readonly serial: string;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  /** What rsyslog knows a certificate by where it does not understand SHA-256; old records lack it. */
  readonly sha1?: string;
  /** Serial number of the CA's certificate; old records lack it. */
  readonly issuer?: string;
  readonly revoked?: string;
  readonly renew?: string;
  /** Made by `provision ca issue`, for what is no managed host: no run renews it. */
  readonly unmanaged?: boolean;
}

/** Why a certificate that has not expired must be replaced all the same. */
export type Withdrawal = 'revoked' | 'renew';

/** Writes down one issued certificate. */
export async function recordIssued(
  directory: string,
  { names, unmanaged = false }: { readonly names: readonly string[]; readonly unmanaged?: boolean },
  chain: string,
  issuer: string,
): Promise<void> {
  const issued = new X509Certificate(chain);
  const line: IssuedCertificate = {
    serial: issued.serialNumber,
    names,
    notBefore: issued.validFromDate.toISOString(),
    notAfter: issued.validToDate.toISOString(),
    sha256: issued.fingerprint256,
    sha1: issued.fingerprint,
    issuer,
    ...(unmanaged && { unmanaged }),
  };
  await appendLines(join(directory, recordFile), [line]);
}

/** Writes down that certificates are to be replaced. */
export async function withdraw(
  directory: string,
  serials: readonly string[],
  why: Withdrawal,
  now: Date,
): Promise<void> {
  const lines = serials.map((serial) => ({ serial, [why]: now.toISOString() }));
  await appendLines(join(directory, recordFile), lines);
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return { ...Object(value) };
  } catch {
    // A line that a crash cut off.
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function certificateOf(said: Readonly<Record<string, unknown>>): IssuedCertificate[] {
  const { serial, names, notBefore, notAfter, sha256 } = said;
  if (!Array.isArray(names) || text(notBefore) === undefined || text(notAfter) === undefined) return [];
  const issuer = text(said.issuer);
  const sha1 = text(said.sha1);
  const revoked = text(said.revoked);
  const renew = text(said.renew);
  return [
    {
      serial: String(serial),
      names: names.map(String),
      notBefore: String(notBefore),
      notAfter: String(notAfter),
      sha256: String(sha256),
      ...(sha1 !== undefined && { sha1 }),
      ...(issuer !== undefined && { issuer }),
      ...(revoked !== undefined && { revoked }),
      ...(renew !== undefined && { renew }),
      ...(said.unmanaged === true && { unmanaged: true }),
    },
  ];
}

function fold(lines: readonly string[]): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const bySerial = new Map<string, Readonly<Record<string, unknown>>>();
  for (const line of lines) {
    const said = parseLine(line);
    const serial = text(said.serial);
    if (serial !== undefined) bySerial.set(serial, { ...bySerial.get(serial), ...said });
  }
  return bySerial;
}

function linesOf(directory: string): readonly string[] {
  return contentIfThere(join(directory, recordFile))?.toString('utf8').split('\n') ?? [];
}

/** All certificates that the CA issued, oldest first. */
export function readRecord(directory: string): readonly IssuedCertificate[] {
  return [...fold(linesOf(directory)).values()].flatMap(certificateOf);
}

interface Seen {
  readonly state: string;
  readonly withdrawn: ReadonlyMap<string, Withdrawal>;
}
// A plan asks once for every host; the file changes rarely.
const seen = new Map<string, Seen>();

/** Serial numbers of certificates that must be replaced, read without waiting; revocation wins. */
export function readWithdrawn(directory: string): ReadonlyMap<string, Withdrawal> {
  const path = join(directory, recordFile);
  const stat = statSync(path, { throwIfNoEntry: false });
  const state = `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`;
  const known = seen.get(path);
  if (known?.state === state) return known.withdrawn;
  const lines = linesOf(directory).filter((line) => /"(?:revoked|renew)":/.test(line));
  const withdrawn = new Map(
    [...fold(lines)].map(([serial, { revoked }]): [string, Withdrawal] => [
      serial,
      revoked === undefined ? 'renew' : 'revoked',
    ]),
  );
  seen.set(path, { state, withdrawn });
  return withdrawn;
}
