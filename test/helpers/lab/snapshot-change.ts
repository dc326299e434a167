// What the daemon itself writes while it runs; the tool's own doings are everywhere else.
const daemonsOwn = /^var\/(log\/remote|spool\/rsyslog|lib\/rsyslog)(\/|$)/;

/** Paths in which two snapshots of a host differ, but for what rsyslogd itself keeps writing. */
export function changedPaths(before: string, after: string): readonly string[] {
  const old = new Set(before.split('\n'));
  const now = new Set(after.split('\n'));
  const differing = [...old, ...now].filter((line) => !(old.has(line) && now.has(line)));
  const paths = new Set(differing.map((line) => line.split(' ')[0] ?? ''));
  return [...paths].filter((path) => path !== '' && !daemonsOwn.test(path)).sort();
}
