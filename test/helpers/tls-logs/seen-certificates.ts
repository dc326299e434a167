import { isCertificate } from '../../../src/domains/tls-logs/ledger/certificate-observation.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';

/** The certificates of its host that a resource saw. */
export function seenCertificates(
  resource: AnyHostResource,
  { args, have }: { readonly args: unknown; readonly have: unknown },
) {
  const seen = resource.observations?.(args, have) ?? [];
  return seen.flatMap((one) => {
    if (!isCertificate(one)) throw new Error(`this is no certificate: ${one.kind}`);
    const { kind: _, here, ...rest } = one;
    return here ? [] : [rest];
  });
}
