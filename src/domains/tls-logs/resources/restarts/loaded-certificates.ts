import type { Answer } from '../../../../probes/answer.ts';
import { quote } from '../../../../shell/quote.ts';
import { type CertificateObservation, certificateSeen } from '../../ledger/certificate-observation.ts';
import { certificatePlace } from '../files/certificate-place.ts';
import { tellNewest } from './newest-file.ts';

/** A certificate among the files of a service. */
export interface LoadableCertificate {
  readonly place: string;
  /** PEM. */
  readonly chain: string;
  /** Seconds as `date` counts them; undefined when it was not asked for: it is read anew again and again. */
  readonly changed: number | undefined;
}

/** What a service reads: when it starts, and at every connection. */
export interface ServiceFiles {
  readonly paths: readonly string[];
  readonly read_anew?: readonly string[];
}

// Patterns name configuration and CA files; a certificate in use is named by its file or by its directory.
function candidates(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !/[*?[]/.test(path) && !/\.conf$/.test(path));
}

function fileOf(path: string): string {
  return /\/fullchain\.pem$/.test(path) ? path : `${path.replace(/\/$/, '')}/fullchain.pem`;
}

/** sh code that prints the certificates among these paths, and when each was changed, up to $now of `date +%s.%N`. */
export function tellLoadable({ paths, read_anew = [] }: ServiceFiles): string {
  const chain = (key: string, path: string) =>
    `[ ! -f ${quote(fileOf(path))} ] || printf '${key} %s\\n' "$(base64 <${quote(fileOf(path))} | tr -d '\\n')"`;
  const changed = (n: number, path: string) =>
    `{ ${tellNewest([path])}\n} | sed 's/^newest /certificate.${n}.newest /'`;
  return [
    ...candidates(paths).map((path, n) => `${chain(`certificate.${n}`, path)}\n${changed(n, path)}`),
    ...candidates(read_anew).map((path, n) => chain(`anew.${n}`, path)),
  ].join('\n');
}

/** Reads what `tellLoadable` printed. */
export function readLoadable(
  answer: Answer,
  { paths, read_anew = [] }: ServiceFiles,
): readonly LoadableCertificate[] {
  const found = (key: string, path: string, changed: number | undefined) => {
    const chain = answer.bytes(key)?.toString('utf8');
    return chain === undefined ? [] : [{ place: certificatePlace(path), chain, changed }];
  };
  return [
    ...candidates(paths).flatMap((path, n) => {
      const [seconds] = answer.get(`certificate.${n}.newest`)?.split(' ') ?? [];
      return found(`certificate.${n}`, path, seconds ? Number(seconds) : undefined);
    }),
    ...candidates(read_anew).flatMap((path, n) => found(`anew.${n}`, path, undefined)),
  ];
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * What a service uses of them: what it read when it was started, if that was after the file was last changed.
 * @param started seconds as `date` counts them; undefined when it does not run
 */
export function loadedCertificates(
  service: string,
  started: number | undefined,
  certificates: readonly LoadableCertificate[],
): readonly CertificateObservation[] {
  return certificates.map(({ place, chain, changed }) => {
    const served = (seen: { readonly chain: string } | { readonly trouble: string }) =>
      certificateSeen({ place, stage: 'served', ...seen });
    if (started === undefined) return served({ trouble: `${service} does not run` });
    if (changed === undefined || changed <= started) return served({ chain });
    const missed = `${service} uses an earlier one: it was started ${time(started)}, and this was put there ${time(changed)}`;
    return served({ trouble: missed });
  });
}
