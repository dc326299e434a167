import { posix } from 'node:path';
import { quote } from '../../shell/quote.ts';

/** A repository as it is wanted. */
export interface WantedRepository {
  readonly repo: string;
  readonly dest: string;
  readonly version?: string;
  readonly remote?: string;
  readonly force?: boolean;
  readonly depth?: number;
  readonly update?: boolean;
  readonly bare?: boolean;
  readonly recursive?: boolean;
  readonly track_submodules?: boolean;
  readonly single_branch?: boolean;
  readonly refspec?: string;
  readonly reference?: string;
  readonly separate_git_dir?: string;
  readonly accept_hostkey?: boolean;
  readonly accept_newhostkey?: boolean;
  readonly key_file?: string;
  readonly ssh_opts?: string;
  readonly executable?: string;
  readonly verify_commit?: boolean;
}

/** sh code that says how git logs in, and which git it is. */
export function gitEnvironment(want: WantedRepository): string {
  const options = [
    'ssh -o BatchMode=yes',
    ...(want.accept_hostkey || want.accept_newhostkey ? ['-o StrictHostKeyChecking=accept-new'] : []),
    ...(want.key_file === undefined ? [] : [`-i ${quote(want.key_file)} -o IdentitiesOnly=yes`]),
    ...(want.ssh_opts === undefined ? [] : [want.ssh_opts]),
  ];
  return [
    'LC_ALL=C GIT_TERMINAL_PROMPT=0',
    `GIT_SSH_COMMAND=${quote(options.join(' '))}`,
    'export LC_ALL GIT_TERMINAL_PROMPT GIT_SSH_COMMAND',
    // The user of the task need not own what is there, as with Ansible.
    `provision_git() { ${want.executable === undefined ? 'git' : quote(want.executable)} -c safe.directory='*' "$@"; }`,
  ].join('\n');
}

function isCommit(version: string): boolean {
  return /^[0-9a-f]{40}$/.test(version);
}

/** sh code that prints what is checked out, and what the remote calls the wanted version. */
export function gitAsk(want: WantedRepository): string {
  const { version = 'HEAD', remote = 'origin' } = want;
  const dest = quote(want.dest);
  const tree = want.bare ? `[ -f ${dest}/HEAD ] && [ -d ${dest}/objects ]` : `[ -e ${dest}/.git ]`;
  const named = isCommit(version)
    ? [`echo 'wanted ${version}'`]
    : [
        `provision_refs=$(provision_git ls-remote -- ${quote(want.repo)} ${version === 'HEAD' ? 'HEAD' : `${quote(`refs/heads/${version}`)} ${quote(`refs/tags/${version}`)} ${quote(`refs/tags/${version}^{}`)}`} 2>&1) || { provision_print failure "$provision_refs"; exit 0; }`,
        'provision_tag= provision_head=',
        'while read -r provision_sum provision_ref; do',
        '  case $provision_ref in',
        '    HEAD) provision_head=$provision_sum ;;',
        `    refs/heads/*) provision_head=$provision_sum; echo 'branch yes' ;;`,
        '    refs/tags/*) provision_tag=$provision_sum ;;',
        '  esac',
        'done <<provision_end',
        '$provision_refs',
        'provision_end',
        'provision_sum=${provision_head:-$provision_tag}',
        // A short commit, which only the repository itself can complete.
        `[ -n "$provision_sum" ] || provision_sum=$(provision_git -C ${dest} rev-parse --verify --quiet ${quote(`${version}^{commit}`)} 2>/dev/null)`,
        '[ -z "$provision_sum" ] || echo "wanted $provision_sum"',
      ];
  return [
    `command -v ${want.executable === undefined ? 'git' : quote(want.executable)} >/dev/null || { echo 'git no'; exit 0; }`,
    `if ${tree}; then`,
    `  provision_current=$(provision_git -C ${dest} rev-parse --verify --quiet HEAD) && echo "current $provision_current" || echo 'current none'`,
    `  provision_print address "$(provision_git -C ${dest} config --get ${quote(`remote.${remote}.url`)})"`,
    ...(want.bare
      ? []
      : [
          `  [ -z "$(provision_git -C ${dest} status --porcelain --untracked-files=no)" ] || echo 'changed yes'`,
        ]),
    ...(want.update === false ? ['  exit 0'] : []),
    `elif [ -e ${dest} ] && { [ ! -d ${dest} ] || [ -n "$(ls -A -- ${dest})" ]; }; then`,
    `  echo 'blocked yes'; exit 0`,
    'fi',
    ...named,
  ].join('\n');
}

/** sh code that brings a repository to the wanted version. */
export function gitSteps(
  want: WantedRepository,
  have: { readonly current: string | undefined; readonly branch: boolean },
): string {
  const { version = 'HEAD', remote = 'origin' } = want;
  const dest = quote(want.dest);
  const inside = `provision_git -C ${dest}`;
  const depth = want.depth === undefined ? '' : ` --depth ${want.depth}`;
  const lines: string[] = [];
  if (have.current === undefined) {
    const words = [
      `provision_git clone --quiet --origin ${quote(remote)}${depth}`,
      ...(want.bare ? ['--bare'] : []),
      ...(want.single_branch ? ['--single-branch'] : []),
      ...(have.branch && !want.bare ? [`--branch ${quote(version)}`] : []),
      ...(want.reference === undefined ? [] : [`--reference ${quote(want.reference)}`]),
      ...(want.separate_git_dir === undefined ? [] : [`--separate-git-dir ${quote(want.separate_git_dir)}`]),
      `-- ${quote(want.repo)} ${dest}`,
    ];
    lines.push(`mkdir -p -- ${quote(posix.dirname(want.dest))} || exit 1`, `${words.join(' ')} || exit 1`);
  } else {
    lines.push(
      `${inside} config ${quote(`remote.${remote}.url`)} ${quote(want.repo)} || exit 1`,
      `${inside} fetch --quiet --force --tags${depth} ${quote(remote)}${want.bare ? " '+refs/heads/*:refs/heads/*'" : ''} || exit 1`,
    );
  }
  if (want.refspec !== undefined)
    lines.push(`${inside} fetch --quiet${depth} ${quote(remote)} ${quote(want.refspec)} || exit 1`);
  if (want.bare) return lines.join('\n');
  if (isCommit(version))
    lines.push(
      `${inside} cat-file -e ${version} 2>/dev/null || ${inside} fetch --quiet${depth} ${quote(remote)} ${version} || exit 1`,
    );
  if (want.verify_commit)
    lines.push(
      `${inside} verify-commit ${have.branch ? quote(`${remote}/${version}`) : quote(version)} || exit 1`,
    );
  if (have.current !== undefined && want.force) lines.push(`${inside} reset --quiet --hard || exit 1`);
  if (version === 'HEAD') {
    if (have.current !== undefined)
      lines.push(
        `${inside} remote set-head ${quote(remote)} --auto >/dev/null || exit 1`,
        `provision_head=$(${inside} symbolic-ref --short ${quote(`refs/remotes/${remote}/HEAD`)}) || exit 1`,
        `${inside} checkout --quiet "\${provision_head#${remote}/}" || exit 1`,
        `${inside} reset --quiet --hard "$provision_head" || exit 1`,
      );
  } else if (have.branch) {
    lines.push(
      `${inside} checkout --quiet -B ${quote(version)} ${quote(`${remote}/${version}`)} -- || exit 1`,
      `${inside} reset --quiet --hard ${quote(`${remote}/${version}`)} -- || exit 1`,
    );
  } else lines.push(`${inside} checkout --quiet --detach ${quote(version)} || exit 1`);
  if (want.recursive !== false)
    lines.push(
      `if [ -e ${dest}/.gitmodules ]; then ${inside} submodule --quiet sync --recursive && ${inside} submodule --quiet update --init --recursive${want.track_submodules ? ' --remote' : ''} || exit 1; fi`,
    );
  return lines.join('\n');
}
