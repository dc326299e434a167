import type { DomainFilter } from '../../../resources/domain.ts';
import { trust } from './trust.ts';
import type { KnownOfHosts, Trust, TrustSettings } from './trust-model.ts';

/**
 * `hostvars | log_trust(log_trust_settings, 'wide')`: one part of the trust that a host is to have. The settings may lack
 * what that part does not read.
 */
export const logTrust: DomainFilter = (hosts, [settings, part]) => {
  const found = trust(settings as TrustSettings, hosts as KnownOfHosts);
  if (typeof part === 'string' && part in found) return found[part as keyof Trust];
  throw new Error(`log_trust has no part '${String(part)}': it has ${Object.keys(found).join(', ')}`);
};
