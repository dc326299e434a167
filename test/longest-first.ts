import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A machine that begins anew for every run remembers no times: these are the files that `npm test` prints as its slowest.
const longest = [
  'test/lab/topologies.test.ts',
  'test/lab/log-variables.test.ts',
  'test/lab/ansible-comparison.test.ts',
  'test/lab/server-renewal.test.ts',
  'test/lab/rotation.test.ts',
  'test/lab/rollback.test.ts',
  'test/lab/container-logs.test.ts',
  'test/lab/home-lab.test.ts',
  'test/lab/revocation.test.ts',
  'test/lab/fleet.test.ts',
  'test/lab/rotation-failure.test.ts',
  'test/lab/certbot.test.ts',
  'test/lab/log-store.test.ts',
  'test/lab/schedule.test.ts',
  'test/lab/certbot-renewal.test.ts',
  'test/lab/home-lab-troubles.test.ts',
  'test/lab/all-or-nothing.test.ts',
  'test/lab/half-done.test.ts',
  'test/lab/certs-command.test.ts',
  'test/lab/rotation-hold.test.ts',
  'test/lab/take-over.test.ts',
  'test/lab/ways-in.test.ts',
  'test/lab/first-line.test.ts',
  'test/lab/resources.test.ts',
  'test/lab/real-hosts.test.ts',
  'test/unit/resources/contract.test.ts',
  'test/unit/cli/editor-schema.test.ts',
  'test/unit/transport/local-connection.test.ts',
  'test/unit/runner/timeout.test.ts',
  'test/unit/build/new-resource.test.ts',
  'test/unit/domains/tls-logs/private-ca/private-ca-passphrase.test.ts',
  'test/unit/runner/host-lock.test.ts',
  'test/unit/cli/apply.test.ts',
  'test/unit/domains/tls-logs/commands/ca.test.ts',
  'test/unit/build/bundle.test.ts',
  'test/unit/domains/tls-logs/commands/ca-passphrase.test.ts',
  'test/unit/domains/tls-logs/resources/tls-listener.test.ts',
  'test/unit/shell/program.test.ts',
  'test/unit/transport/ssh-real.test.ts',
];

/** The order of test files: the longest first, so that at the end none runs alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = longest.indexOf(relative(process.cwd(), moduleId));
  return index < 0 ? longest.length : index;
}
