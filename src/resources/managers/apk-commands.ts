import { quote } from '../../shell/quote.ts';
import { type ManagerCommands, quoted } from './package-manager.ts';

/** How Alpine's apk does things. */
export function apkCommands(options: {
  readonly always?: readonly string[];
  readonly adding?: readonly string[];
  readonly available?: boolean;
}): ManagerCommands {
  const { always = [], adding = [], available } = options;
  const run = (verb: string, words: readonly string[], names: readonly string[]) =>
    `"$provision_manager" ${[verb, quoted([...always, ...words, ...names])].filter(Boolean).join(' ')}`;
  return {
    programs: ['apk'],
    lists: '/var/cache/apk',
    installed: (name) =>
      `{ apk info -e ${quote(name)} >/dev/null && apk list --installed ${quote(name.replace(/[<>=~@].*/, ''))} | sed -n ${quote('1s/^\\([^ ]*\\) .*/\\1/p')}; }`,
    newer: (names) =>
      `apk version -l ${quote('<')} ${quoted(names)} | sed -n ${quote('s/^\\(.*\\)-\\([0-9][^ -]*-r[0-9]*\\)  *<  *\\([^ ]*\\).*/\\1 \\3/p')}`,
    refresh: '"$provision_manager" update',
    install: (names) => run('add', adding, names),
    upgrade: (names) =>
      names.length === 0
        ? run('upgrade', available ? ['--available'] : [], [])
        : run('add', ['--upgrade', ...adding], names),
    remove: (names) => run('del', ['--purge'], names),
  };
}
