/** Cases of a promise: the tests of a file, or those whose names (`describe > test`) contain some words. */
export type Cases = `test/${string}.test.ts` | `test/${string}.test.ts: ${string}`;

/**
 * What provision promises (docs/security.md), and the tests that try it. `npm test` ends with a table of these: how many cases were
 * tried, and how many held. To add to it, add a row, or name another file; an entry that finds no test fails the run.
 */
export const promises: Readonly<Record<string, readonly Cases[]>> = {
  'A lock ends with its run, within a minute, and its refusal names who has it': [
    'test/unit/runner/host-lock.test.ts',
    'test/unit/runner/lock-refusal.test.ts',
    'test/unit/runner/taken-host.test.ts',
    'test/unit/runner/heartbeat.test.ts',
    'test/lab/interruption.test.ts: two runs at once',
    'test/lab/interruption.test.ts: within a minute the host is free',
  ],
  'What a task with no_log reads is shown nowhere': [
    'test/unit/runner/secrets.test.ts',
    'test/unit/runner/no-log.test.ts',
    'test/unit/report/redaction.test.ts',
  ],
  'No piece of a private key is shown, and none is readable by others': [
    'test/unit/report/private-keys.test.ts',
    'test/lab/home-lab.test.ts: keys are readable by the daemon and nobody else',
    'test/lab/topologies.test.ts: the key is the same on all hosts',
    'test/lab/certbot-renewal.test.ts: keys that a deploy command prints go nowhere',
  ],
  'A host may lie: what it answers is read as data, and no terminal obeys it': [
    'test/unit/runner/lying-host.test.ts',
    'test/unit/report/visible-text.test.ts',
    'test/unit/runner/facts.test.ts',
  ],
  'A host with an unknown or changed key is sent nothing': [
    'test/unit/transport/known-hosts.test.ts',
    'test/unit/transport/ssh-faults.test.ts: the host key',
    'test/lab/unreachable.test.ts: a host must not be reached',
    'test/lab/schedule.test.ts: a host whose key has changed',
  ],
  'Every wait has a bound and a reason': [
    'test/unit/transport/deadline.test.ts',
    'test/unit/transport/local-connection.test.ts: a shell that is not ready',
    'test/unit/transport/ssh-faults.test.ts: connecting',
    'test/unit/transport/ssh-faults.test.ts: running',
    'test/unit/cli/interruption.test.ts',
    'test/lab/interruption.test.ts: Ctrl-C',
    'test/lab/resources.test.ts: lock is waited for',
  ],
  'One host that fails or is gone stops no other': [
    'test/lab/unreachable.test.ts: a host cannot be reached',
    'test/lab/home-lab-troubles.test.ts: dead',
    'test/lab/home-lab-troubles.test.ts: the clock of a client',
    'test/lab/rotation-failure.test.ts: a client that is down is reported',
    'test/lab/rotation-limit.test.ts: a client that fails before it knows',
    'test/lab/certs-command.test.ts: a host that is down',
    'test/lab/revocation.test.ts: a damaged record on one client',
    'test/lab/revocation.test.ts: a client whose hold never returns',
  ],
  'What a failed play replaced is put back': [
    'test/unit/runner/rollback.test.ts: a rollback',
    'test/lab/rollback.test.ts',
  ],
  'A run that was cut off is caught up on by the next, and leaves nothing half': [
    'test/unit/runner/rollback.test.ts: a run that is cut off',
    'test/unit/runner/interruption.test.ts',
    'test/unit/runner/handler-record.test.ts',
    'test/unit/cli/lost-output.test.ts',
    'test/lab/interruption.test.ts: Ctrl-C',
    'test/lab/unreachable.test.ts: is lost',
    'test/lab/half-done.test.ts: comes to its end',
    'test/lab/rotation-failure.test.ts: provision is killed while clients are held',
    'test/lab/rotation-hold.test.ts: the next run ends a hold',
  ],
  'A plan changes nothing, and applying does what it listed': [
    'test/unit/runner/plan-promises.test.ts',
    'test/unit/runner/check-mode.test.ts',
    'test/unit/runner/handlers.test.ts: planned once',
    'test/lab/half-done.test.ts',
    'test/lab/home-lab.test.ts: plan shows all changes',
    'test/lab/home-lab.test.ts: apply does what the plan said',
    'test/lab/home-lab.test.ts: a renewal deploys the new certificate',
  ],
  'A second run changes nothing': [
    'test/lab/home-lab.test.ts: a second apply changes nothing',
    'test/lab/topologies.test.ts: a second plan changes nothing',
    'test/lab/certbot.test.ts: another run changes nothing',
  ],
  'A run that addresses nobody is no success': ['test/unit/runner/no-hosts.test.ts'],
  'What cannot work is refused before anything is touched': [
    'test/unit/runner/early-refusal.test.ts',
    'test/unit/runner/role-checks.test.ts',
    'test/unit/domains/tls-logs/certificates/certificate-verdict.test.ts',
    'test/unit/domains/tls-logs/certificates/bad-certificate.test.ts',
    'test/unit/domains/tls-logs/certificates/bad-key.test.ts',
    'test/lab/preflight.test.ts',
    'test/lab/bad-certificates.test.ts',
    'test/lab/topology-refusals.test.ts',
    'test/lab/bad-input.test.ts: the playbook is wrong',
  ],
  'Only wanted clients can store lines, under their own names, unread on the way': [
    'test/lab/strangers.test.ts',
    'test/lab/home-lab-troubles.test.ts: has expired',
    'test/lab/topologies.test.ts: can send',
    'test/lab/topologies.test.ts: a false log server is sent nothing',
    'test/lab/topologies.test.ts: lines of clients arrive under their names',
    'test/lab/wire.test.ts',
  ],
  'A rotation loses no line': [
    'test/lab/rotation.test.ts: a rotation while',
    'test/lab/rotation-failure.test.ts',
    'test/lab/revocation.test.ts: who was off keeps its lines',
    'test/lab/journal-input.test.ts: without losing or doubling a line',
  ],
  'A revoked certificate is replaced and permitted no longer': [
    'test/unit/domains/tls-logs/private-ca/private-ca-record.test.ts: revokes once and for all',
    'test/unit/domains/tls-logs/trust/trust.test.ts: who is permitted',
    'test/unit/domains/tls-logs/trust/trust.test.ts: what was revoked does not wait',
    'test/unit/domains/tls-logs/resources/revocation.test.ts',
    'test/lab/private-ca.test.ts: a revoked certificate is replaced',
    'test/lab/revocation.test.ts: the old CA and the revoked name leave',
    'test/lab/revocation.test.ts: fingerprints',
    'test/lab/revocation.test.ts: names, the CA not replaced',
  ],
  'A renewed certificate is put to use, and what failed shows': [
    'test/lab/certbot-renewal.test.ts',
    'test/lab/schedule.test.ts: after a renewal the timer does it',
    'test/lab/certs-command.test.ts',
  ],
  'A host on which nothing more fits keeps what it had, and says so': [
    'test/lab/full-disk.test.ts',
    'test/lab/bad-input.test.ts: a host has no space left',
  ],
  'Whoever may not log in or become root learns why, and what to change': [
    'test/unit/transport/local-connection.test.ts: become',
    'test/unit/transport/ssh-faults.test.ts: logging in',
    'test/unit/transport/ssh-faults.test.ts: a login that gives no shell',
    'test/lab/bad-input.test.ts: a host lets nobody become root',
    'test/lab/ways-in.test.ts',
  ],
  'provision ca and runs beside each other do no harm': [
    'test/unit/domains/tls-logs/private-ca/private-ca-renewal.test.ts: locks',
    'test/lab/private-ca.test.ts: the CA cannot be replaced while a run uses it',
    'test/lab/home-lab-troubles.test.ts: while an apply renews a certificate',
  ],
};
