import type { Due } from './certificate-dues.ts';
import type { LedgerRow } from './certificate-ledger.ts';

/**
 * What brings a certificate in order. `apply`: another run. `issuer`: first, who issued it must renew it, which no run
 * does. `authority`: the private CA itself is to be replaced. `clock`: a clock is wrong, or it is only a matter of time.
 */
export type Remedy = 'apply' | 'issuer' | 'authority' | 'clock';

/** The remedy for a row; undefined when all is in order. What one of these CA certificates issued, a run renews. */
export function remedyOf(row: LedgerRow, authorities: readonly LedgerRow[]): Remedy | undefined {
  const { due, certificate, host } = row;
  if (due.length === 0) return undefined;
  const only = (...codes: readonly Due['code'][]) => due.every(({ code }) => codes.includes(code));
  if (only('not-yet-valid')) return 'clock';
  if (!certificate || !only('expired', 'expiring', 'revoked')) return 'apply';
  if (host === undefined) return 'authority';
  const issued = authorities.some(({ certificate: ca }) => ca?.subject === certificate.issuer);
  return issued ? 'apply' : 'issuer';
}
