import { quote } from '../../shell/quote.ts';
import { type ManagerCommands, quoted } from './package-manager.ts';
import { rpmInstalled } from './rpm-commands.ts';

/** How SUSE's zypper does things. */
export function zypperCommands(options: {
  /** Before the verb. */
  readonly global?: readonly string[];
  readonly type?: string;
  readonly installing?: readonly string[];
  readonly removing?: readonly string[];
  readonly distribution?: readonly string[];
}): ManagerCommands {
  const { global = [], type = 'package', installing = [], removing = [], distribution } = options;
  const run = (verb: string, words: readonly string[], names: readonly string[]) =>
    `"$provision_manager" ${quoted(['--non-interactive', ...global, verb, ...words, ...(names.length > 0 ? ['--', ...names] : [])])}`;
  const agreed = ['--type', type, '--auto-agree-with-licenses', ...installing];
  return {
    programs: ['zypper'],
    lists: '/var/cache/zypp/raw',
    installed: (name) =>
      type === 'package'
        ? rpmInstalled(name)
        : `zypper --quiet --non-interactive search --type ${quote(type)} --installed-only --match-exact ${quote(name)} | grep ${quote('^i')}`,
    newer: (names) => {
      const only =
        names.length === 0 ? '' : ` | grep -xF ${names.map((name) => `-e ${quote(name)}`).join(' ')}`;
      const table = `zypper --quiet --non-interactive list-updates --all`;
      const columns = `sed -n ${quote('s/^v[^|]*|[^|]*| *\\([^ |]*\\) *|[^|]*| *\\([^ |]*\\) *|.*/\\1 \\2/p')}`;
      return only === ''
        ? `${table} | ${columns}`
        : `${table} | ${columns} | while read -r provision_name provision_version; do printf '%s\\n' "$provision_name"${only} >/dev/null && echo "$provision_name $provision_version"; done`;
    },
    refresh: `"$provision_manager" ${quoted(['--non-interactive', ...global, 'refresh'])}`,
    install: (names) => run('install', agreed, names),
    upgrade: (names) =>
      names.length === 0 && distribution !== undefined
        ? run('dist-upgrade', ['--auto-agree-with-licenses', ...distribution], [])
        : run('update', agreed, names),
    remove: (names) => run('remove', ['--type', type, ...removing], names),
  };
}
