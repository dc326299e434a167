import type { Domain, DomainFilter } from '../../resources/domain.ts';
import { bundledRoot } from './certificates/bundled-root.ts';
import { normalFingerprint } from './certificates/certificate.ts';
import type { PassphraseSource } from './private-ca/ca-passphrase.ts';
import { OpenedCas } from './private-ca/opened-cas.ts';
import { authorityExecutor, issueExecutor } from './private-ca/step-executors.ts';
import { tlsLogsResources } from './resources/tls-logs-resources.ts';
import {
  logExcluded,
  logRelayLoop,
  logSelectorFault,
  logSenderAddresses,
  logSenderCondition,
} from './rsyslog-filters.ts';
import { logTrust } from './trust/trust-filter.ts';

// `fingerprint | log_bundled_root`: the root certificate (PEM) that comes with provision, empty where none has this SHA-256.
const logBundledRoot: DomainFilter = (sha256) => bundledRoot(normalFingerprint(String(sha256))) ?? '';

/**
 * Log lines over TLS: certificates, a private CA, trust, proofs.
 * @param passphrase asked when a private CA's key is encrypted and something is to be issued
 */
export function tlsLogs(passphrase?: PassphraseSource): Domain {
  return {
    name: 'tls-logs',
    resources: tlsLogsResources,
    filters: {
      log_trust: logTrust,
      log_bundled_root: logBundledRoot,
      log_excluded: logExcluded,
      log_relay_loop: logRelayLoop,
      log_sender_addresses: logSenderAddresses,
      log_sender_condition: logSenderCondition,
      log_selector_fault: logSelectorFault,
    },
    begin() {
      const cas = new OpenedCas(passphrase);
      return { executors: [issueExecutor(cas), authorityExecutor(cas)], end: () => cas.close() };
    },
  };
}
