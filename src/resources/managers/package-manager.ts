import { type Answer, printFunction } from '../../probes/answer.ts';
import { quote } from '../../shell/quote.ts';
import type { Change } from '../resource.ts';

/** What is wanted of packages, whatever manager has them. */
export interface Wish {
  readonly names: readonly string[];
  readonly state: 'present' | 'latest' | 'absent';
  /** All packages are to be upgraded. */
  readonly everything: boolean;
  /** Lists that are older than an hour are fetched first. */
  readonly refresh: boolean;
  /** What is missing stays so. */
  readonly updateOnly?: boolean;
}

/** The commands of a package manager, sh code; what names packages is quoted already. */
export interface ManagerCommands {
  /** What must be on the host, best first. */
  readonly programs: readonly string[];
  /** Directory in which fetched lists lie. */
  readonly lists: string;
  /** Prints what is installed under a name, and fails where nothing is. */
  installed(name: string): string;
  /** Prints lines of a name and the version that it would get, of these packages or of all. */
  newer(names: readonly string[]): string;
  readonly refresh: string;
  install(names: readonly string[]): string;
  upgrade(names: readonly string[]): string;
  remove(names: readonly string[]): string;
}

/** What a package manager said. */
export interface ManagerState {
  /** The program that the host has; undefined where it has none of them. */
  readonly program: string | undefined;
  readonly powerless: boolean;
  /** What is installed, by the names asked. */
  readonly installed: ReadonlyMap<string, string>;
  readonly newer: ReadonlyMap<string, string>;
  /** Lists are older than an hour, or were never fetched. */
  readonly stale: boolean;
  readonly failure: string | undefined;
}

/** Words of a command, quoted. */
export function quoted(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function which(programs: readonly string[]): string {
  return `provision_manager=
for provision_one in ${programs.join(' ')}; do
  ! command -v "$provision_one" >/dev/null || { provision_manager=$provision_one; break; }
done`;
}

/** sh code that asks a package manager; `$provision_manager` is the program in all commands. */
export function managerQuestion(commands: ManagerCommands, wish: Wish): string {
  const upgrades = wish.state === 'latest' || wish.everything;
  return `${printFunction}
${which(commands.programs)}
[ -n "$provision_manager" ] || { echo 'manager none'; exit 0; }
echo "manager $provision_manager"
export LC_ALL=C
[ -O / ] || echo 'powerless yes'
${wish.names.map((name, index) => `provision_out=$(${commands.installed(name)} 2>/dev/null) && provision_print have${index} "$provision_out"`).join('\n')}
${
  upgrades
    ? `provision_out=$(${commands.newer(wish.everything ? [] : wish.names)} 2>/dev/null)
provision_print newer "$provision_out"`
    : ''
}
${wish.refresh ? `[ -n "$(find ${quote(commands.lists)} -maxdepth 3 -type f -mmin -60 2>/dev/null | head -n 1)" ] || echo 'stale yes'` : ''}
:`;
}

/** Reads lines of names and the versions that they would get. */
export function readNewer(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, version] = line.trim().split(/\s+/);
      return name && version ? [[name, version] as const] : [];
    }),
  );
}

/** Reads what `managerQuestion` printed. */
export function readManager(answer: Answer, wish: Wish): ManagerState {
  const text = (key: string) => answer.bytes(key)?.toString().trim();
  const program = answer.get('manager');
  const installed = wish.names.flatMap((name, index) => {
    const found = text(`have${index}`);
    return found === undefined ? [] : [[name, found.split('\n')[0] || 'installed'] as const];
  });
  return {
    program: program === 'none' ? undefined : program,
    powerless: answer.get('powerless') === 'yes',
    installed: new Map(installed),
    newer: readNewer(text('newer') ?? ''),
    stale: answer.get('stale') === 'yes',
    failure: text('failure'),
  };
}

function upgrades(wish: Wish, { newer, installed }: ManagerState): readonly Change[] {
  if (wish.everything)
    return [...newer].map(([name, to]) => ({ attribute: `package ${name}`, from: 'older', to }));
  if (wish.state !== 'latest') return [];
  return wish.names.flatMap((name) => {
    const to = newer.get(name) ?? newer.get(name.split('.')[0] ?? name);
    const from = installed.get(name);
    return to === undefined || from === undefined ? [] : [{ attribute: `package ${name}`, from, to }];
  });
}

/** How packages differ, and whether lists are fetched for their own sake. */
export function managerChanges(wish: Wish, have: ManagerState): readonly Change[] {
  const wanted = wish.state === 'absent' ? 'absent' : 'installed';
  const differing = wish.names.flatMap((name): readonly Change[] => {
    const from = have.installed.get(name);
    if (wish.state === 'absent')
      return from === undefined ? [] : [{ attribute: `package ${name}`, from, to: wanted }];
    return from === undefined && !wish.updateOnly
      ? [{ attribute: `package ${name}`, from: 'absent', to: wanted }]
      : [];
  });
  const forTheirSake = wish.names.length === 0 || wish.state === 'latest' || wish.everything;
  const lists: readonly Change[] =
    wish.refresh && have.stale && forTheirSake
      ? [{ attribute: 'package lists', from: 'old', to: 'fetched' }]
      : [];
  return [...lists, ...differing, ...upgrades(wish, have)];
}

/** Why nothing can be done. */
export function refuseManager(commands: ManagerCommands, wish: Wish, have: ManagerState): readonly string[] {
  if (have.program === undefined)
    return [
      `the host has no ${commands.programs.join(' or ')}; use package, or a \`when\` for hosts that have it`,
    ];
  if (have.powerless && managerChanges(wish, have).length > 0)
    return ['only root can install, upgrade or remove packages; add `become: true`'];
  return have.failure === undefined ? [] : [have.failure];
}

/** sh code that makes the changes. */
export function managerScript(commands: ManagerCommands, wish: Wish, have: ManagerState): string {
  const lines = [which(commands.programs), 'export LC_ALL=C'];
  const missing = wish.updateOnly ? [] : wish.names.filter((name) => !have.installed.has(name));
  const there = wish.names.filter((name) => have.installed.has(name));
  if (wish.refresh && have.stale) lines.push(`${commands.refresh} || exit $?`);
  if (wish.everything) lines.push(`${commands.upgrade([])} || exit $?`);
  if (wish.state === 'absent')
    lines.push(...(there.length > 0 ? [`${commands.remove(there)} || exit $?`] : []));
  else if (missing.length > 0) lines.push(`${commands.install(missing)} || exit $?`);
  if (wish.state === 'latest' && !wish.everything && there.length > 0)
    lines.push(`${commands.upgrade(there)} || exit $?`);
  return lines.join('\n');
}
