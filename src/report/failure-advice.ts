import type { TaskResult } from '../runner/events.ts';

/** What is known of a failure, for advice. */
export interface FailedTask {
  readonly host: string;
  readonly resource: string;
  readonly message: string;
  readonly output?: TaskResult['output'];
}

type Advice = (host: string, found: RegExpExecArray) => string;

// The first that fits counts: what stands further up is the more certain.
const rows: readonly (readonly [RegExp, Advice])[] = [
  [
    /no space (?:is )?left on|enough free space/i,
    (host) => `make room: \`ssh ${host} df -h\` shows which disk is full`,
  ],
  [
    /Read-only file system/,
    (host) => `see why the disk is read-only: \`ssh ${host} dmesg\`; mount it for writing again`,
  ],
  [
    /Could not get lock|lock-frontend|is another process using it/,
    (host) =>
      `another program installs packages there: wait for it (\`ssh ${host} ps -C apt,apt-get,dpkg,unattended-upgr\`)`,
  ],
  [
    /Temporary failure (?:in name resolution|resolving)|Could not resolve|Name or service not known/,
    (host) => `let ${host} resolve names: its /etc/resolv.conf names the servers that it asks`,
  ],
  [
    /Unable to locate package|has no installation candidate|no such package/i,
    () => 'correct the name of the package, or fetch the lists anew with `update_cache: true`',
  ],
  [
    /Job for (\S+?)(?:\.service)? failed|systemctl (?:re)?(?:start|load)(?:-or-\w+)? (?:-- )?'?([\w@.-]+?)(?:\.service)?'?(?:[\s:]|$)/,
    (host, found) => `\`ssh ${host} journalctl -u ${found[1] ?? found[2]} -n 20\` shows why`,
  ],
  [
    // What a daemon wrote into its journal is about its own rights, not about those of the run.
    /^(?!\w{3} [ \d]\d [\d:]{8} \S+ \S+\[\d+\]: ).*(?:Permission denied|Operation not permitted|must be (?:run as )?root|are you root)/im,
    () => 'give it more rights: `become: true` in the task, or -b for all',
  ],
  [
    /command not found|: not found|No such file or directory: |exit code 127/,
    () => 'install the program by an earlier task, or name its whole path',
  ],
];

const judged: readonly string[] = ['fail', 'assert', 'assertion', 'role_checks', 'warn'];
const programs: readonly string[] = ['command', 'shell', 'script', 'raw'];

// What two hosts of an exchange have in their journals: words there are about much else than this failure.
const journals = /\n\S+ \((?:sender|listener)\):\n/;
// What a domain says below a line that it knows. Its words come by way of the host: they are pointed at, never said again as ours.
const known = /^ *fix: \S/m;

/**
 * The next thing to do about a task that failed; what the failure itself shows comes before general advice.
 * @param end how the run is taken up again
 */
export function failureAdvice({ host, resource, message, output }: FailedTask, end = again): string {
  const whole = [message, output?.stderr ?? '', output?.stdout ?? ''].join('\n');
  if (known.test(message)) return `do what its \`fix\` says, above; then ${end}`;
  const [cause = ''] = message.split(journals);
  const quoted = cause !== message;
  const words = quoted ? cause : whole;
  for (const [pattern, advice] of rows) {
    const found = pattern.exec(words);
    if (found) return `${advice(host, found)}; then ${end}`;
  }
  if (quoted)
    return `see what both hosts say above; \`provision doctor PLAYBOOK\` looks at what keeps lines from arriving; then ${end}`;
  if (judged.includes(resource)) return `do what it says; then ${end}`;
  if (programs.includes(resource))
    return `try the command by hand (\`ssh ${host}\`); if its exit code is no failure, say so with \`failed_when\`; then ${end}`;
  return `correct it; then ${end}`;
}

/** How a run is taken up again: for all hosts, as others may wait for those that failed. */
export const again = 'run the same command again: what is done stays done';
