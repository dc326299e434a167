import type { X509Certificate } from 'node:crypto';
import { Type } from 'typebox';
import type { Answer } from '../../../../probes/answer.ts';
import { type FileLook, lookFunction, readLook } from '../../../../resources/files/file-look.ts';
import { quote } from '../../../../shell/quote.ts';
import type { ScriptOutput } from '../../../../shell/script-output.ts';
import { certificateBlocks, readBlock } from '../../certificates/certificate.ts';

/** The argument of every resource that writes a CA file. */
export const keepOthers = Type.Boolean({
  default: false,
  description:
    'certificates that the file holds already stay in it behind the wanted ones, unless expired: old and new are trusted',
});

/** A file of trusted certificates as it is on the host. */
export interface TrustFile {
  readonly look: FileLook;
  /** Empty when absent. */
  readonly content: string;
  /** By the host's clock. */
  readonly now: Date;
}

/** sh code that prints a CA file for an answer. */
export function lookAtTrust(path: string): string {
  return `${lookFunction}
provision_look look ${quote(path)} -L
printf 'now %s\\n' "$(date +%s)"
[ ! -f ${quote(path)} ] || printf 'content %s\\n' "$(base64 2>/dev/null <${quote(path)} | tr -d '\\n')"`;
}

/** Reads what `lookAtTrust` printed. */
export function readTrust(answer: Answer): TrustFile {
  const content = answer.bytes('content')?.toString('utf8') ?? '';
  return { look: readLook(answer, 'look'), content, now: answer.moment('now') };
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

/** The others that stay in the file. */
export function keptIn(
  want: { readonly keep_others: boolean },
  have: TrustFile,
  wanted: readonly string[],
): readonly X509Certificate[] {
  if (!want.keep_others) return [];
  return othersIn(have.content, wanted).filter(({ validToDate }) => validToDate > have.now);
}

/** Certificates as text, one after another. */
export function certificatesText(certificates: readonly X509Certificate[]): string {
  return certificates.map((one) => one.toString()).join('');
}

/** What `register` sees: how many others the file holds beside the wanted ones; in check mode, as it is now. */
export function trustResult(
  want: { readonly keep_others: boolean },
  have: TrustFile,
  wanted: readonly string[],
  outputs: readonly ScriptOutput[],
): { readonly kept: number } {
  const asSeen = outputs.length === 0 && !want.keep_others;
  return { kept: (asSeen ? othersIn(have.content, wanted) : keptIn(want, have, wanted)).length };
}
