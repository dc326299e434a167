import type { Observation } from '../../../resources/resource.ts';
import type { SeenCertificate } from './certificate-stages.ts';

/** A certificate that a probe saw; those of one `place` and host are stages of one certificate. All of it is public. */
export interface CertificateObservation extends Observation, Omit<SeenCertificate, 'host'> {
  readonly kind: 'certificate';
}

/** What was seen of a certificate, as an observation. */
export function certificateSeen(seen: Omit<CertificateObservation, 'kind'>): CertificateObservation {
  return { kind: 'certificate', ...seen };
}

/** Whether an observation is one of a certificate. */
export function isCertificate(seen: Observation): seen is CertificateObservation {
  return seen.kind === 'certificate';
}
