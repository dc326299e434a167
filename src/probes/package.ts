import type { ScriptOutput } from '../shell/script-output.ts';
import { packageProgram } from './package-program.ts';
import type { Ask, ProbeKind } from './probe.ts';
import { probeFailure } from './probe-error.ts';

/** What is asked about packages. */
export interface PackageQuestion {
  /** `name` or `name:architecture`. */
  readonly names: readonly string[];
  /** Whether a package of another name will do that provides one of them. */
  readonly provides: boolean;
  /** Ask when the package lists were fetched. */
  readonly age: boolean;
  /** Ask which of those that are not installed the package lists know, if any is not installed. */
  readonly available?: boolean;
}

/** One package that dpkg knows. */
export interface KnownPackage {
  readonly name: string;
  readonly architecture: string;
  /** `installed`, `config-files`, `half-configured`, ... */
  readonly status: string;
  readonly version: string;
}

/** What a host's package tools say. */
export interface PackageAnswer {
  /** False on a host without apt; then `other` names what it has. */
  readonly apt: boolean;
  readonly other: string | undefined;
  readonly known: readonly KnownPackage[];
  /** Names that installed packages provide; looked up only where a name is not installed by itself. */
  readonly provided: ReadonlySet<string>;
  /** Package lists have been fetched at all. */
  readonly lists: boolean;
  /** When, in seconds since 1970; undefined where it was not asked. */
  readonly fetched: number | undefined;
  /** This user may neither write where dpkg does, nor is root. */
  readonly powerless: boolean;
  /** What the package lists know, and how old they are in seconds; undefined where it was not asked, and nothing missing. */
  readonly available: { readonly names: ReadonlySet<string>; readonly age: number } | undefined;
}

const packageKind: ProbeKind<PackageQuestion, PackageAnswer> = {
  name: 'package',
  most: 200,
  program: (questions) =>
    packageProgram({
      names: namesOf(questions),
      provided: namesOf(questions.filter(({ provides }) => provides)),
      age: questions.some(({ age }) => age),
      available: namesOf(questions.filter(({ available }) => available)),
    }),
  read(output, questions) {
    const asked = namesOf(questions).map((name) => name.replace(/:.*/, ''));
    const all = readPackages(output, new Set(asked));
    return questions.map(({ names, age }) => {
      const own = ({ name, architecture }: KnownPackage) =>
        names.includes(name) || names.includes(`${name}:${architecture}`);
      const answer = { ...all, known: all.known.filter(own), fetched: age ? all.fetched : undefined };
      return probeFailure(output, 'the packages') ?? answer;
    });
  },
};

/** Asks dpkg about packages. */
export function packages(question: PackageQuestion): Ask<PackageAnswer> {
  return { kind: packageKind, question, paths: ['/var/lib/dpkg/', '/var/lib/apt/'] };
}

function namesOf(questions: readonly PackageQuestion[]): readonly string[] {
  return [...new Set(questions.flatMap(({ names }) => names))];
}

function readPackages({ stdout }: ScriptOutput, asked: ReadonlySet<string>): PackageAnswer {
  const [rest = '', available] = stdout.split(/^available\n/m);
  const [head = '', provides = ''] = rest.split(/^provides\n/m);
  const lines = head.split('\n');
  const known = lines.flatMap((line): KnownPackage[] => {
    const [, status, name, architecture, version] =
      /^known\t([^\t]*)\t([^\t]+)\t([^\t]*)\t([^\t]*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, architecture, status, version } as KnownPackage];
  });
  const times = lines.flatMap((line) => /^fetched (\d{1,11})$/.exec(line)?.[1] ?? []).map(Number);
  return {
    apt: lines.includes('apt yes'),
    other: /^other (\w+)$/m.exec(head)?.[1],
    known,
    provided: readProvided(provides, asked),
    lists: lines.includes('lists there'),
    fetched: times.length > 0 ? Math.max(...times) : undefined,
    powerless: lines.includes('powerless'),
    available: available === undefined ? undefined : readAvailable(available),
  };
}

function readAvailable(text: string): PackageAnswer['available'] {
  const names = [...text.matchAll(/^(\S+):$/gm)].map(([, name = '']) => name);
  const seconds = (word: string) =>
    [...text.matchAll(new RegExp(`^${word} (\\d{1,11})$`, 'gm'))].map(([, digits]) => Number(digits));
  const age = Math.max(...seconds('now'), 0) - Math.max(...seconds('fetched'), 0);
  return { names: new Set(names), age };
}

// Of all that packages provide only what was asked for.
function readProvided(text: string, asked: ReadonlySet<string>): ReadonlySet<string> {
  const names = text
    .split('\n')
    .flatMap((line) => (line.startsWith('installed ') ? line.slice('installed '.length).split(',') : []));
  return new Set(names.map((name) => name.replace(/\(.*/, '').trim()).filter((name) => asked.has(name)));
}
