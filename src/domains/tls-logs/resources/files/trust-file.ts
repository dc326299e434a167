import type { X509Certificate } from 'node:crypto';
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { type ClockAnswer, clock } from '../../../../probes/clock.ts';
import type { FileStat } from '../../../../probes/file-stat.ts';
import { path } from '../../../../probes/path.ts';
import type { PathAnswer } from '../../../../probes/path-answer.ts';
import { asking, type Probe } from '../../../../probes/probe.ts';
import type { ScriptOutput } from '../../../../shell/script-output.ts';
import { certificateBlocks, readBlock } from '../../certificates/certificate.ts';
import { type PemAnswer, pem, pemOf } from '../../probes/pem.ts';

/** The argument of every resource that writes a CA file. */
export const keepOthers = Type.Boolean({
  default: false,
  description:
    'certificates that the file holds already stay in it behind the wanted ones, unless expired: old and new are trusted',
});

/** A file of trusted certificates as it is on the host. */
export interface TrustFile {
  readonly stat: FileStat;
  /** Empty when absent; of one that is not fetched whole, its certificates and the first lines of the rest. */
  readonly content: string;
  /** By the host's clock. */
  readonly now: Date;
}

// Larger files are not fetched: they differ from what is wanted.
const mostBytes = 1_000_000;

/** Asks for the certificates in a CA file. */
export function trustProbe(dest: string): Probe<TrustFile> {
  return asking({ found: path(dest), certificates: pem(dest), time: clock() }, (answers) =>
    trustFile(answers, undefined),
  );
}

/**
 * Asks for a CA file to the last byte; one with a private key in it is not fetched, but for its certificates.
 * @param wanted is not fetched when the file holds just this
 */
export function wholeTrustProbe(dest: string, wanted: string): Probe<TrustFile> {
  const unlessSum = sumOf(wanted);
  return asking(
    {
      found: path(dest, { sum: 'sha256', text: { most: mostBytes, unlessSum } }),
      certificates: pem(dest),
      time: clock(),
    },
    (answers) =>
      trustFile(answers, answers.found.sum === unlessSum ? wanted : answers.found.content?.toString('utf8')),
  );
}

function trustFile(
  {
    found,
    certificates,
    time,
  }: {
    readonly found: PathAnswer;
    readonly certificates: PemAnswer;
    readonly time: ClockAnswer;
  },
  content: string | undefined,
): TrustFile {
  return {
    stat: found.behind,
    content: content ?? pemOf(certificates) ?? '',
    now: new Date(time.now * 1000),
  };
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Certificates of a file that are not wanted in it, in their order, each once; damaged ones are passed over. */
function othersIn(content: string, wanted: readonly string[]): readonly X509Certificate[] {
  const seen = new Set(wanted);
  return certificateBlocks(content).flatMap((block) => {
    const one = readBlock(block);
    if (!one || seen.has(one.fingerprint256)) return [];
    seen.add(one.fingerprint256);
    return [one];
  });
}

/** What `keep_others` keeps; `unless` are those that go all the same. */
interface Keeping {
  readonly keep_others: boolean;
  readonly unless?: ((one: X509Certificate) => boolean) | undefined;
}

/** The others that stay in the file. */
export function keptIn(
  { keep_others: keeps, unless }: Keeping,
  have: TrustFile,
  wanted: readonly string[],
): readonly X509Certificate[] {
  if (!keeps) return [];
  return othersIn(have.content, wanted).filter((one) => one.validToDate > have.now && !unless?.(one));
}

/** Certificates as text, one after another. */
export function certificatesText(certificates: readonly X509Certificate[]): string {
  return certificates.map((one) => one.toString()).join('');
}

/** The others that the file holds beside the wanted ones; in check mode, as it is now. */
export function othersLeft(
  keeping: Keeping,
  have: TrustFile,
  wanted: readonly string[],
  outputs: readonly ScriptOutput[],
): readonly X509Certificate[] {
  const asSeen = outputs.length === 0 && (!keeping.keep_others || keeping.unless !== undefined);
  return asSeen ? othersIn(have.content, wanted) : keptIn(keeping, have, wanted);
}

/** What `register` sees: how many of them there are. */
export function trustResult(...seen: Parameters<typeof othersLeft>): { readonly kept: number } {
  return { kept: othersLeft(...seen).length };
}
