import { quote } from '../../shell/quote.ts';
import { type ManagerCommands, quoted } from './package-manager.ts';

// A file is called name-version-release-architecture.pkg.tar.zst.
function fileName(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/-[^-]+-[^-]+-[^-]+\.pkg\.tar.*$/, '');
}

/** How Arch Linux's pacman does things. */
export function pacmanCommands(options: {
  readonly installing?: readonly string[];
  readonly upgrading?: readonly string[];
  readonly removing?: readonly string[];
  readonly refreshing?: readonly string[];
  readonly programs?: readonly string[];
}): ManagerCommands {
  const { installing = [], upgrading = [], removing = [], refreshing = [] } = options;
  const run = (verb: string, words: readonly string[], names: readonly string[]) =>
    `"$provision_manager" ${quoted([verb, '--noconfirm', '--noprogressbar', ...words, ...names])}`;
  const isFile = (name: string) => /\.pkg\.tar(\.\w+)?$/.test(name);
  return {
    programs: options.programs ?? ['pacman'],
    lists: '/var/lib/pacman/sync',
    // A group is installed when all of it is.
    installed: (name) =>
      isFile(name)
        ? `pacman -Q ${quote(fileName(name))} | cut -d ' ' -f 2 | grep .`
        : `{ pacman -Q ${quote(name)} | cut -d ' ' -f 2 | grep . || { provision_group=$(pacman -Sgq ${quote(name)}) && [ -n "$provision_group" ] && pacman -Q $provision_group >/dev/null && echo group; }; }`,
    newer: (names) =>
      `pacman -Qu ${quoted(names)} | sed -n ${quote('s/^\\([^ ]*\\) [^ ]* -> \\([^ ]*\\).*/\\1 \\2/p')}`,
    refresh: `"$provision_manager" ${quoted(['-Sy', '--noconfirm', ...refreshing])}`,
    install(names) {
      const files = names.filter((name) => isFile(name) || name.includes('://'));
      const others = names.filter((name) => !files.includes(name));
      return [
        ...(others.length > 0 ? [run('-S', ['--needed', ...installing], others)] : []),
        ...(files.length > 0 ? [run('-U', installing, files)] : []),
      ].join(' && ');
    },
    upgrade: (names) =>
      names.length === 0 ? run('-Su', upgrading, []) : run('-S', ['--needed', ...installing], names),
    remove: (names) => run('-R', removing, names),
  };
}
