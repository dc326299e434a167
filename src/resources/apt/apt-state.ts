import { Answer, printFunction } from '../../probes/answer.ts';
import { clock } from '../../probes/clock.ts';
import { type KnownPackage, packages } from '../../probes/package.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import type { Change, Obstacle } from '../resource.ts';
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
  readonly autoclean?: boolean;
  readonly clean?: boolean;
  readonly fail_on_autoremove?: boolean;
  readonly allow_unauthenticated?: boolean;
  readonly force?: boolean;
  readonly policy_rc_d?: number;
  /** Seconds. */
  readonly lock_timeout?: number;
}

/** What the host's package tools say. */
export interface PackageState {
  /** False on a host without apt; then `other` names what it has. */
  readonly apt: boolean;
  readonly other: string | undefined;
  readonly known: readonly KnownPackage[];
  /** Names that installed packages provide. */
  readonly provided: ReadonlySet<string>;
  /** Versions that apt would install, by the name asked; `(none)` when there is none. */
  readonly candidates: ReadonlyMap<string, string>;
  /** This user may not change packages. */
  readonly powerless?: boolean;
  /** The package lists have been fetched. */
  readonly lists: boolean;
  /** Seconds since then; undefined when there are none, and where nobody asked. */
  readonly listsAge: number | undefined;
  /** When, in seconds since 1970; undefined as above. */
  readonly listsFetched?: number;
  /** What an upgrade or autoremove would do: lines of a simulation. */
  readonly simulated: readonly string[];
  /** Package files in the cache; undefined where nobody asked. */
  readonly files?: number;
  /** Package, architecture and version of the file of `deb`. */
  readonly file: KnownPackage | undefined;
  /** What another manager than apt would install in place of what is there; undefined where it was not asked. */
  readonly newer?: string;
}

// Lists fetched a moment ago count as fresh, even when none are wanted to be kept.
const freshSeconds = 60;
const defaultValidity = 3600;

/** Whether the package lists are to be fetched and older than allowed. */
export function listsAreStale(want: WantedPackages, { listsAge }: PackageState): boolean {
  if (!want.update_cache && want.cache_valid_time === undefined) return false;
  return (
    listsAge === undefined || listsAge > Math.max(want.cache_valid_time ?? defaultValidity, freshSeconds)
  );
}

/** The packages named, taken apart. */
export function wantedNames(want: WantedPackages): readonly AptName[] {
  return writtenNames(want)
    .filter((name) => name !== '*')
    .map(readAptName);
}

/** Whether all that is installed is to be upgraded, in Ansible's words: the name `*` with `state: latest`. */
export function upgradesAll(want: WantedPackages): boolean {
  return want.state === 'latest' && writtenNames(want).includes('*');
}

function writtenNames({ name = [] }: WantedPackages): readonly string[] {
  return name
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

// apt would write its package cache when it only looks; without a place for it, it does not.
const quietApt = '-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=';
const simulate = `apt-get -s -q ${quietApt} -o Debug::NoLocking=1`;

/** The kind of simulation that a task without names needs. */
export function simulation(want: WantedPackages): string | undefined {
  if (want.upgrade === 'full' || want.upgrade === 'dist') return 'dist-upgrade';
  if (want.upgrade === 'yes' || want.upgrade === 'safe' || upgradesAll(want))
    return 'upgrade --with-new-pkgs';
  if (wantedNames(want).length > 0 || want.deb !== undefined) return undefined;
  return want.autoclean ? 'autoclean' : want.autoremove ? 'autoremove' : undefined;
}

function dpkgName({ name, architecture }: AptName): string {
  return architecture ? `${name}:${architecture}` : name;
}

// What only apt knows, or dpkg of a file: each task asks that for itself.
function ownScript(want: WantedPackages, names: readonly AptName[], other = ''): string | undefined {
  const lines: string[] = [];
  if (want.state === 'latest' && names.length > 0) {
    const words = names.map((name) => quote(dpkgName(name)));
    const release = want.default_release === undefined ? '' : ` -t ${quote(want.default_release)}`;
    lines.push(
      `provision_out=$(apt-cache ${quietApt}${release} policy ${words.join(' ')}) || exit 1`,
      'provision_print policy "$provision_out"',
    );
  }
  const simulated = simulation(want);
  if (simulated !== undefined) {
    lines.push(
      `provision_out=$(${simulate} ${simulated}) || exit 1`,
      `provision_print simulated "$(printf '%s\\n' "$provision_out" | grep -E '^(Inst|Remv|Purg|Del) ')"`,
    );
  }
  if (want.clean)
    lines.push(
      'provision_files=0; for provision_file in /var/cache/apt/archives/*.deb; do [ ! -e "$provision_file" ] || provision_files=$((provision_files + 1)); done; provision_print files "$provision_files"',
    );
  if (want.deb !== undefined) {
    const path = quote(want.deb);
    const format = '${Package}\t${Architecture}\t${db:Status-Status}\t${Version}\\n';
    lines.push(
      `if [ -f ${path} ]; then`,
      `  provision_out=$(dpkg-deb -W --showformat='\${Package}\t\${Architecture}\t\t\${Version}\\n' ${path}) || exit 1`,
      '  provision_print file "$provision_out"',
      `  provision_print known "$(dpkg-query -W -f '${format}' -- "\${provision_out%%\t*}" 2>/dev/null)"`,
      'fi',
    );
  }
  if (lines.length === 0) return undefined;
  const tools = `if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then\n${other}\nexit 0; fi`;
  return [printFunction, tools, 'export LC_ALL=C', ...lines, ':'].join('\n');
}

/**
 * Asks dpkg, and apt only where dpkg cannot know; nothing is written.
 * @param other sh code for hosts without apt that prints as `newer` what is newer there
 */
export function probePackages(want: WantedPackages, other?: string): Probe<PackageState> {
  const names = wantedNames(want);
  const own = ownScript(want, names, other);
  const age = want.update_cache === true || want.cache_valid_time !== undefined;
  const question = { names: names.map(dpkgName), provides: want.state !== 'absent', age };
  return asking(
    {
      dpkg: packages(question),
      own: own === undefined ? undefined : script(own),
      clock: age ? clock() : undefined,
    },
    ({ dpkg, own: output, clock: time }) => {
      const answer = output && new Answer(output, 'the packages');
      const text = (key: string) => answer?.bytes(key)?.toString() ?? '';
      const { apt, other, lists, fetched, powerless } = dpkg;
      return {
        apt,
        other,
        known: [...dpkg.known, ...readKnown(text('known'))],
        provided: dpkg.provided,
        candidates: readPolicy(text('policy')),
        powerless,
        lists,
        listsAge: fetched === undefined || !time ? undefined : Math.max(0, Math.floor(time.now) - fetched),
        ...(fetched !== undefined && time && { listsFetched: fetched }),
        simulated: text('simulated')
          .split('\n')
          .filter((line) => line !== ''),
        ...(want.clean && { files: Number(text('files')) }),
        file: readKnown(text('file'))[0],
        ...(answer?.get('newer') !== undefined && { newer: text('newer') }),
      };
    },
  );
}

/** Asks whether the package lists know what is missing. */
export function packagePremises(
  want: WantedPackages,
): Probe<(changes: readonly Change[], have: PackageState) => readonly Obstacle[]> {
  const names = wantedNames(want).filter(({ architecture }) => architecture === undefined);
  const wanted = want.state !== 'absent' && !want.only_upgrade && names.length > 0;
  const question = { names: names.map(({ name }) => name), provides: true, age: false, available: true };
  return asking({ dpkg: wanted ? packages(question) : undefined }, ({ dpkg }) => (changes, have) => {
    const known = dpkg?.available;
    if (!known || !have.lists) return [];
    const missing = names.filter(
      ({ name }) =>
        !known.names.has(name) &&
        changes.some(({ attribute, from }) => attribute === `package ${name}` && from === 'absent'),
    );
    // Applying fetches the lists when it misses something in them, or when it is asked to: what they know now decides only when they are fresh.
    const fresh = known.age < day && !listsAreStale(want, have);
    return missing.map(({ name }) => ({
      message: `E: Unable to locate package ${name}: it is misspelt, or in a repository that the host does not have`,
      doubted: ['/etc/apt/'],
      ...(!fresh && { dependsOn: ['fresh package lists'] }),
    }));
  });
}

const day = 86_400;

function readKnown(text: string): readonly KnownPackage[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', architecture = '', status = '', version = ''] = line.split('\t');
      return { name, architecture, status, version };
    });
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
