import { type CertificateDetails, daysLeft, nameOf } from '../certificates/certificate-details.ts';
import { type Stage, type StageName, type Stages, stageNames } from './certificate-stages.ts';

/** Why something is to be done about a certificate. */
export interface Due {
  readonly code:
    | 'missing'
    | 'expired'
    | 'not-yet-valid'
    | 'expiring'
    | 'differs'
    | 'trouble'
    | 'revoked'
    | 'change';
  readonly message: string;
}

/**
 * Everything that is wrong with a certificate and its stages.
 * @param threshold fewer days left than this are due
 */
export function duesOf(
  stages: Stages,
  threshold: (certificate: CertificateDetails) => number,
  now: Date,
): readonly Due[] {
  return [
    ...troubles(stages),
    ...revoked(stages),
    ...missing(stages),
    ...differing(stages),
    ...timely(stages, threshold, now),
  ];
}

function entries(stages: Stages): readonly (readonly [StageName, Stage])[] {
  return stageNames.flatMap((name) => {
    const stage = stages[name];
    return stage ? [[name, stage] as const] : [];
  });
}

function troubles(stages: Stages): readonly Due[] {
  return entries(stages).flatMap(([name, { troubles: messages }]) =>
    messages.map((message): Due => ({ code: 'trouble', message: `${name}: ${message}` })),
  );
}

function revoked(stages: Stages): readonly Due[] {
  return entries(stages).flatMap(([, stage]) =>
    stage.revoked.map((message): Due => ({ code: 'revoked', message })),
  );
}

// A stage in trouble has said why nothing is there.
function missing(stages: Stages): readonly Due[] {
  return entries(stages).flatMap(([name, stage]): readonly Due[] => {
    if (stage.fingerprints.length > 0 || stage.troubles.length > 0) return [];
    return [{ code: 'missing', message: `${name}: there is no certificate` }];
  });
}

function differing(stages: Stages): readonly Due[] {
  const { issued, deployed, served } = stages;
  const dues: Due[] = [];
  const differs = (message: string) => dues.push({ code: 'differs', message });
  if (issued && deployed && differ(issued, deployed)) {
    differs(`issued ${text(issued)} is not deployed: that is ${text(deployed)}`);
  }
  const source = deployed ?? issued;
  if (source && served && differ(source, served)) {
    differs(`served ${text(served)} is not what is ${deployed ? 'deployed' : 'issued'}: ${text(source)}`);
  }
  for (const [name, stage] of entries(stages)) {
    if (stage.fingerprints.length > 1) differs(`${name} are several: ${text(stage)}`);
  }
  return dues;
}

function differ(one: Stage, other: Stage): boolean {
  const [a, b] = [one.fingerprints, other.fingerprints];
  // Where there are several, that is shown instead.
  return a.length === 1 && b.length === 1 && a[0] !== b[0];
}

function text({ fingerprints, certificates }: Stage): string {
  return fingerprints
    .map((fingerprint) => {
      const known = certificates.find((one) => one.fingerprint === fingerprint);
      return `${fingerprint.slice(0, 11)}..${known ? ` (until ${known.notAfter.slice(0, 10)})` : ''}`;
    })
    .join(' and ');
}

// The same certificate in several stages is shown once.
function timely(
  stages: Stages,
  threshold: (certificate: CertificateDetails) => number,
  now: Date,
): readonly Due[] {
  const shown = new Set<string>();
  return entries(stages).flatMap(([, { certificates }]) =>
    certificates.flatMap((certificate) => {
      if (shown.has(certificate.fingerprint)) return [];
      shown.add(certificate.fingerprint);
      return lifetime(certificate, threshold(certificate), now);
    }),
  );
}

function lifetime(certificate: CertificateDetails, threshold: number, now: Date): readonly Due[] {
  const { notBefore, notAfter } = certificate;
  const left = daysLeft(certificate, now);
  const name = nameOf(certificate);
  if (Date.parse(notBefore) > now.getTime()) {
    return [{ code: 'not-yet-valid', message: `${name} is not valid before ${notBefore}` }];
  }
  if (left <= 0) return [{ code: 'expired', message: `${name} expired on ${notAfter.slice(0, 10)}` }];
  if (left >= threshold) return [];
  const limit = Number(threshold.toFixed(1));
  return [{ code: 'expiring', message: `${name} has ${Math.floor(left)} days left, due below ${limit}` }];
}
