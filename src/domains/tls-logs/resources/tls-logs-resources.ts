import type { AnyResource } from '../../../resources/resource.ts';
import { certificateCheck } from './certificate-check.ts';
import { daemonDirectory } from './daemon-directory.ts';
import { deployedCertificate } from './deployed-certificate.ts';
import { heldRestart } from './held-restart.ts';
import { logHealth } from './log-health.ts';
import { logLine } from './log-line.ts';
import { logStore } from './log-store.ts';
import { logWire } from './log-wire.ts';
import { privateCaCertificate } from './private-ca-certificate.ts';
import { privateCaIssued } from './private-ca-issued.ts';
import { privateCaRoot } from './private-ca-root.ts';
import { renewalRecord } from './renewal-record.ts';
import { rootCertificate } from './root-certificate.ts';
import { rsyslogCheck } from './rsyslog-check.ts';
import { rsyslogDropIn } from './rsyslog-drop-in.ts';
import { rsyslogInput } from './rsyslog-input.ts';
import { rsyslogPutBack } from './rsyslog-put-back.ts';
import { rsyslogTakeOver } from './rsyslog-take-over.ts';
import { serviceLoaded } from './service-loaded.ts';
import { tlsListener } from './tls-listener.ts';
import { trustState } from './trust-state.ts';

/** The resources of the domain. */
export const tlsLogsResources: readonly AnyResource[] = [
  certificateCheck,
  daemonDirectory,
  deployedCertificate,
  heldRestart,
  logHealth,
  logLine,
  logStore,
  logWire,
  privateCaCertificate,
  privateCaIssued,
  privateCaRoot,
  renewalRecord,
  rootCertificate,
  rsyslogCheck,
  rsyslogDropIn,
  rsyslogInput,
  rsyslogPutBack,
  rsyslogTakeOver,
  serviceLoaded,
  tlsListener,
  trustState,
];
