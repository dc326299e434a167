import { type ClockAnswer, clock } from '../../../../probes/clock.ts';
import type { Probe } from '../../../../probes/probe.ts';
import { ProbeError } from '../../../../probes/probe-error.ts';
import { certificatePlace } from '../../certificates/certificate-place.ts';
import { type CertificateObservation, certificateSeen } from '../../ledger/certificate-observation.ts';
import { type ChangedFile, changedFiles, newest } from '../../probes/changed-files.ts';
import { type PemAnswer, pem } from '../../probes/pem.ts';

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

/** Asks for the certificates among these paths, and when each was changed. */
export function loadableProbe({
  paths,
  read_anew = [],
}: ServiceFiles): Probe<readonly LoadableCertificate[]> {
  const read = candidates(paths);
  const anew = candidates(read_anew);
  const chains = [...read, ...anew].map((path) => pem(fileOf(path)));
  const asks = [clock(read), ...chains, ...read.map((path) => changedFiles([path]))];
  return {
    asks,
    read(answers) {
      for (const answer of answers) if (answer instanceof ProbeError) throw answer;
      const [{ now }, ...rest] = answers as readonly [ClockAnswer, ...unknown[]];
      const found = (path: string, chain: PemAnswer, changed: number | undefined) =>
        chain.kind === 'there' ? [{ place: certificatePlace(path), chain: chain.pem, changed }] : [];
      const chainOf = (n: number) => rest[n] as PemAnswer;
      return [
        ...read.flatMap((path, n) => {
          const files = rest[chains.length + n] as readonly ChangedFile[];
          return found(path, chainOf(n), newest(files, now)?.changed);
        }),
        ...anew.flatMap((path, n) => found(path, chainOf(read.length + n), undefined)),
      ];
    },
  };
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
