import { Answer, tellFunction } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import { type AptName, readAptName } from './apt-name.ts';

/** What is wanted of packages. */
export interface WantedPackages {
  readonly name?: readonly string[];
  readonly state?: 'present' | 'latest' | 'absent';
  readonly deb?: string;
  readonly upgrade?: 'no' | 'yes' | 'safe' | 'full' | 'dist';
  readonly update_cache?: boolean;
  /** Seconds. */
  readonly cache_valid_time?: number;
  readonly install_recommends?: boolean;
  readonly only_upgrade?: boolean;
  readonly allow_downgrade?: boolean;
  readonly allow_change_held_packages?: boolean;
  readonly default_release?: string;
  readonly dpkg_options?: string;
  readonly purge?: boolean;
  readonly autoremove?: boolean;
  /** Seconds. */
  readonly lock_timeout?: number;
}

/** One package that dpkg knows. */
export interface KnownPackage {
  readonly name: string;
  readonly architecture: string;
  /** `installed`, `config-files`, `half-configured`, ... */
  readonly status: string;
  readonly version: string;
}

/** What the host's package tools say. */
export interface PackageState {
  /** Undefined on a host without apt; then `other` names what it has. */
  readonly apt: boolean;
  readonly other: string | undefined;
  readonly known: readonly KnownPackage[];
  /** Names that installed packages provide. */
  readonly provided: ReadonlySet<string>;
  /** Versions that apt would install, by the name asked; `(none)` when there is none. */
  readonly candidates: ReadonlyMap<string, string>;
  /** Seconds since the package lists were fetched; undefined when there are none. */
  readonly listsAge: number | undefined;
  /** What an upgrade or autoremove would do: lines of a simulation. */
  readonly simulated: readonly string[];
  /** Package, architecture and version of the file of `deb`. */
  readonly file: KnownPackage | undefined;
}

/** The packages named, taken apart. */
export function wantedNames(want: WantedPackages): readonly AptName[] {
  return (want.name ?? [])
    .flatMap((name) => name.split(','))
    .filter((name) => name.trim() !== '')
    .map(readAptName);
}

// apt would write its package cache when it only looks; without a place for it, it does not.
const quietApt = '-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=';
const simulate = `apt-get -s -q ${quietApt} -o Debug::NoLocking=1`;

/** The kind of simulation that a task without names needs. */
export function simulation(want: WantedPackages): string | undefined {
  if (want.upgrade === 'full' || want.upgrade === 'dist') return 'dist-upgrade';
  if (want.upgrade === 'yes' || want.upgrade === 'safe') return 'upgrade --with-new-pkgs';
  return want.autoremove && wantedNames(want).length === 0 && want.deb === undefined
    ? 'autoremove'
    : undefined;
}

function installedScript(names: readonly AptName[], format: string): string[] {
  const words = names.map(({ name, architecture }) => quote(architecture ? `${name}:${architecture}` : name));
  const lines = [`provision_out=$(dpkg-query -W -f '${format}' -- ${words.join(' ')} 2>/dev/null)`];
  lines.push('provision_tell known "$provision_out"');
  // A name that dpkg does not list may be provided by a package with another name.
  const each = names.map(({ name }) => `-e ${quote(name)}`).join(' ');
  lines.push(
    `if [ "$(printf '%s\\n' "$provision_out" | grep -c '\tinstalled\t')" -lt ${names.length} ]; then`,
    `  provision_out=$(dpkg-query -W -f '\${db:Status-Status} \${Provides}\\n' | grep '^installed .' | grep -F ${each})`,
    '  provision_tell provided "$provision_out"',
    'fi',
  );
  return lines;
}

/** Asks dpkg, and apt only where dpkg cannot know; nothing is written. */
export function probePackages(want: WantedPackages): Probe<PackageState> {
  const names = wantedNames(want);
  const format = '${Package}\t${Architecture}\t${db:Status-Status}\t${Version}\\n';
  const lines = [
    tellFunction,
    'if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then',
    '  for provision_path in dnf yum zypper pacman apk; do',
    '    if command -v $provision_path >/dev/null; then echo "other $provision_path"; break; fi',
    '  done',
    '  exit 0',
    'fi',
    "echo 'apt yes'",
    'export LC_ALL=C',
  ];
  if (names.length > 0) lines.push(...installedScript(names, format));
  if (want.state === 'latest' && names.length > 0) {
    const words = names.map(({ name, architecture }) =>
      quote(architecture ? `${name}:${architecture}` : name),
    );
    const release = want.default_release === undefined ? '' : ` -t ${quote(want.default_release)}`;
    lines.push(
      `provision_out=$(apt-cache ${quietApt}${release} policy ${words.join(' ')}) || exit 1`,
      'provision_tell policy "$provision_out"',
    );
  }
  const simulated = simulation(want);
  if (simulated !== undefined) {
    lines.push(
      `provision_out=$(${simulate} ${simulated}) || exit 1`,
      `provision_tell simulated "$(printf '%s\\n' "$provision_out" | grep -E '^(Inst|Remv|Purg) ')"`,
    );
  }
  if (want.deb !== undefined) {
    const path = quote(want.deb);
    lines.push(
      `if [ -f ${path} ]; then`,
      `  provision_out=$(dpkg-deb -W --showformat='\${Package}\t\${Architecture}\t\t\${Version}\\n' ${path}) || exit 1`,
      '  provision_tell file "$provision_out"',
      `  provision_tell known "$(dpkg-query -W -f '${format}' -- "\${provision_out%%\t*}" 2>/dev/null)"`,
      'fi',
    );
  }
  lines.push(
    'for provision_path in /var/lib/apt/lists/*Release /var/lib/apt/lists/*Packages*; do',
    '  [ -e "$provision_path" ] || continue',
    '  echo "lists $(stat -c %Y /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null | sort -n | tail -n 1) $(date +%s)"',
    '  break',
    'done',
  );
  return scriptProbe({
    script: lines.join('\n'),
    parse(output) {
      const answer = new Answer(output, 'the packages');
      const text = (key: string) => answer.bytes(key)?.toString() ?? '';
      const [fetched, now] = (answer.get('lists') ?? '').split(' ').map(Number);
      return {
        apt: answer.get('apt') === 'yes',
        other: answer.get('other'),
        known: readKnown(text('known')),
        provided: readProvided(text('provided')),
        candidates: readPolicy(text('policy')),
        listsAge: answer.get('lists') === undefined ? undefined : Math.max(0, (now ?? 0) - (fetched ?? 0)),
        simulated: text('simulated')
          .split('\n')
          .filter((line) => line !== ''),
        file: readKnown(text('file'))[0],
      };
    },
  });
}

function readKnown(text: string): readonly KnownPackage[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', architecture = '', status = '', version = ''] = line.split('\t');
      return { name, architecture, status, version };
    });
}

function readProvided(text: string): ReadonlySet<string> {
  const names = text.split('\n').flatMap((line) => line.slice('installed '.length).split(','));
  return new Set(names.map((name) => name.replace(/\(.*/, '').trim()).filter((name) => name !== ''));
}

function readPolicy(text: string): ReadonlyMap<string, string> {
  const candidates = new Map<string, string>();
  let name = '';
  for (const line of text.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading) name = heading[1] ?? '';
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line);
    if (candidate && name !== '') candidates.set(name, candidate[1] ?? '');
  }
  return candidates;
}
