import { type CertificateDetails, detailsOf } from '../certificates/certificate-details.ts';

/** Where a certificate is on its way, first to last. */
export const stageNames = ['issued', 'deployed', 'served'] as const;
export type StageName = (typeof stageNames)[number];

/** One certificate as somebody saw it in one place. */
export interface SeenCertificate {
  /** Undefined: the control node. */
  readonly host?: string;
  /** Names it: the directory of its store, as in `/etc/daemon/tls/own`. */
  readonly place: string;
  /** `issued`: where the CA or ACME client left it. `deployed`: where the daemon reads it. `served`: what the daemon uses. */
  readonly stage: StageName;
  /** PEM, the certificate first; undefined when only the fingerprint is known, or when there is none. */
  readonly chain?: string;
  /** SHA-256, `AA:BB:..`, for what is known by nothing else. */
  readonly fingerprint?: string;
  /** What is wrong beyond the certificate itself: `the deploy hook failed on 2026-11-02: ...`. */
  readonly trouble?: string;
  /** What was done about it by itself, for whoever looks: nothing is wrong with it. */
  readonly note?: string;
  /** Why the CA whose certificate this is must be replaced before its end: what it issued was revoked, and is let in still. */
  readonly revoked?: string;
  /** Fewer days left than this are due; a third of its life without it. */
  readonly dueDays?: number;
}

/** One stage, all that was seen of it taken together. */
export interface Stage {
  /** What is there; several differ, none is there when the list is empty. */
  readonly fingerprints: readonly string[];
  /** Of those of which more than the fingerprint is known. */
  readonly certificates: readonly CertificateDetails[];
  readonly troubles: readonly string[];
  readonly notes: readonly string[];
  /** Why a CA must be replaced. */
  readonly revoked: readonly string[];
}

/** The stages that were looked at; one that is missing was not. */
export type Stages = { readonly [name in StageName]?: Stage };

/** Takes what was seen of one certificate together, stage by stage. */
export function stagesOf(seen: readonly SeenCertificate[]): Stages {
  const known = new Map<string, CertificateDetails>();
  for (const { chain } of seen) {
    const details = chain === undefined ? undefined : detailsOf(chain);
    if (details) known.set(details.fingerprint, details);
  }
  return Object.fromEntries(
    stageNames.flatMap((name) => {
      const here = seen.filter(({ stage }) => stage === name);
      return here.length === 0 ? [] : [[name, stageOf(here, known)]];
    }),
  );
}

function stageOf(seen: readonly SeenCertificate[], known: ReadonlyMap<string, CertificateDetails>): Stage {
  const found = seen.flatMap(
    ({ chain = '', fingerprint }) => detailsOf(chain)?.fingerprint ?? fingerprint ?? [],
  );
  const fingerprints = [...new Set(found.filter((one) => one !== ''))];
  return {
    fingerprints,
    certificates: fingerprints.flatMap((one) => known.get(one) ?? []),
    troubles: [...new Set(seen.flatMap(({ trouble }) => trouble ?? []))],
    notes: [...new Set(seen.flatMap(({ note }) => note ?? []))],
    revoked: [...new Set(seen.flatMap(({ revoked }) => revoked ?? []))],
  };
}
