import { quote } from '../../shell/quote.ts';
import { type ManagerCommands, quoted } from './package-manager.ts';

// A file of a package is asked for its name; other words are names, names with versions, or what packages provide.
export function rpmInstalled(name: string): string {
  const format = quote('%{VERSION}-%{RELEASE}\\n');
  const one = quote(name);
  if (/^[@*]/.test(name))
    return `"$provision_manager" -q group list --installed ${quote(name.replace(/^@\^?/, ''))} | grep .`;
  if (/\.rpm$/.test(name) && name.startsWith('/'))
    return `provision_nvra=$(rpm -qp --queryformat ${quote('%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}')} ${one}) && rpm -q --queryformat ${format} "$provision_nvra"`;
  if (name.includes('://'))
    return `rpm -q --queryformat ${format} ${quote((name.split('/').at(-1) ?? name).replace(/\.rpm$/, ''))}`;
  const spelled = quote(name.replace(/\s*(>=|<=|=|>|<)\s*/g, ' $1 '));
  const provided = `rpm -q --whatprovides --queryformat ${format} ${spelled}`;
  return `{ rpm -q --queryformat ${format} ${one} || ${provided}; }`;
}

/** How dnf and yum do things, with the options of a task. */
export function rpmCommands(options: {
  /** For every command, and those for installing and upgrading only. */
  readonly always?: readonly string[];
  readonly installing?: readonly string[];
  readonly autoremove?: boolean;
  readonly security?: readonly string[];
  readonly programs?: readonly string[];
}): ManagerCommands {
  const { always = [], installing = [], security = [] } = options;
  const run = (verb: string, words: readonly string[], names: readonly string[]) =>
    `"$provision_manager" -y ${[verb, quoted([...always, ...words]), names.length > 0 ? `-- ${quoted(names)}` : ''].filter(Boolean).join(' ')}`;
  return {
    programs: options.programs ?? ['dnf', 'dnf5', 'yum'],
    lists: '/var/cache/dnf',
    installed: rpmInstalled,
    // What it says of a package that would be replaced stands behind an empty line.
    newer: (names) =>
      `"$provision_manager" -q ${['check-update', quoted([...always, ...security]), quoted(names)].filter(Boolean).join(' ')} | sed -n ${quote('/^Obsoleting/q; s/^\\([^ .]*\\)\\.[^ ]*  *\\([^ ]*\\)  *.*/\\1 \\2/p')}`,
    refresh: run('makecache', [], []),
    install: (names) => run('install', installing, names),
    upgrade: (names) => run('upgrade', [...installing, ...security], names),
    remove: (names) => run(options.autoremove ? 'autoremove' : 'remove', [], names),
  };
}
