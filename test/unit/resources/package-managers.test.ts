import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apk } from '../../../src/resources/apk.ts';
import type { PackageState } from '../../../src/resources/apt/apt-state.ts';
import { dnf } from '../../../src/resources/dnf.ts';
import { packageResource } from '../../../src/resources/package.ts';
import { pacman } from '../../../src/resources/pacman.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { zypper } from '../../../src/resources/zypper.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

// No base of these systems is in the lab: stand-ins answer as the programs do, and note what they are asked to do.
const fresh = scratch();

const note = `printf '%s' "$0" | sed 's,.*/,,' >>"$FAKE/ran"; printf '[%s]' "$@" >>"$FAKE/ran"; echo >>"$FAKE/ran"`;
const rpm = `case "$*" in
*' nginx') echo 1.20-1 ;;
*'--whatprovides'*'webserver') echo 1.20-1 ;;
*) echo not installed; exit 1 ;;
esac`;

const programs = {
  dnf: {
    rpm,
    dnf: `case "$*" in
'-q check-update'*) printf '\\nnginx.x86_64    1.22-1.el9    appstream\\nObsoleting Packages\\nold.noarch 1-1 base\\n'; exit 100 ;;
'-q group list --installed tools') echo '   tools' ;;
*) ${note} ;;
esac`,
  },
  apk: {
    apk: `case "$*" in
'info -e nginx'|'info -e .web') ;;
'info -e '*) exit 1 ;;
'list --installed nginx') echo 'nginx-1.20.1-r3 x86_64 {nginx} (BSD) [installed]' ;;
'list --installed '*) ;;
'version -l <'*) printf 'Installed:            Available:\\nnginx-1.20.1-r3      < 1.22.0-r0\\n' ;;
*) ${note} ;;
esac`,
  },
  pacman: {
    pacman: `case "$*" in
'-Q nginx') echo 'nginx 1.20-1' ;;
'-Q a b') ;;
'-Sgq group') printf 'a\\nb\\n' ;;
'-Q '*|'-Sgq '*) exit 1 ;;
'-Qu'*) echo 'nginx 1.20-1 -> 1.22-1' ;;
*) ${note} ;;
esac`,
  },
  zypper: {
    rpm,
    zypper: `case "$*" in
*list-updates*) printf 'S | Repository | Name  | Current | Available | Arch\\n--+---\\nv | Main | nginx | 1.20-1 | 1.22-1 | x86_64\\n' ;;
*) ${note} ;;
esac`,
  },
};

async function applied(resource: AnyHostResource, args: object) {
  const directory = fresh();
  writeFileSync(join(directory, 'ran'), '');
  const own = programs[resource.name as keyof typeof programs];
  const host = hostWith(join(directory, 'bin'), own, { FAKE: directory });
  const { refused, changes, outputs } = await host.apply(resource, args);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  const ran = existsSync(join(directory, 'ran')) ? readFileSync(join(directory, 'ran'), 'utf8').trim() : '';
  return {
    refused,
    changes: changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`),
    ran: ran === '' ? [] : ran.split('\n'),
  };
}

const absent = ['package new: absent -> installed'];
const newer = ['package nginx: 1.20-1 -> 1.22-1'];

describe('dnf and yum', () => {
  test.each([
    [{ name: ['nginx', 'webserver', '@tools'] }, [], []],
    [{ name: 'new,nginx' }, absent, ['dnf[-y][install][--][new]']],
    [
      {
        name: 'new',
        enablerepo: ['epel', 'x'],
        disablerepo: ['y'],
        disable_gpg_check: true,
        exclude: 'k*',
        allowerasing: true,
        install_weak_deps: false,
        releasever: '9',
        conf_file: '/etc/d.conf',
        validate_certs: false,
        nobest: true,
        skip_broken: true,
        cacheonly: true,
      },
      absent,
      [
        'dnf[-y][install][--config=/etc/d.conf][--disablerepo=y][--enablerepo=epel][--enablerepo=x][--exclude=k*][--releasever=9][--nogpgcheck][--cacheonly][--setopt=sslverify=0][--setopt=install_weak_deps=False][--allowerasing][--skip-broken][--nobest][--][new]',
      ],
    ],
    [
      { name: ['nginx', 'new'], state: 'latest' },
      [...absent, 'package nginx: 1.20-1 -> 1.22-1.el9'],
      ['dnf[-y][install][--][new]', 'dnf[-y][upgrade][--][nginx]'],
    ],
    [
      { name: ['nginx', 'new'], state: 'latest', update_only: true, security: true },
      ['package nginx: 1.20-1 -> 1.22-1.el9'],
      ['dnf[-y][upgrade][--security][--][nginx]'],
    ],
    [{ name: '*', state: 'latest' }, ['package nginx: older -> 1.22-1.el9'], ['dnf[-y][upgrade]']],
    [
      { name: ['nginx', 'new'], state: 'removed' },
      ['package nginx: 1.20-1 -> absent'],
      ['dnf[-y][remove][--][nginx]'],
    ],
    [
      { name: 'nginx', autoremove: true },
      ['package nginx: 1.20-1 -> absent'],
      ['dnf[-y][autoremove][--][nginx]'],
    ],
    [{ name: 'new', update_cache: true }, absent, ['dnf[-y][makecache]', 'dnf[-y][install][--][new]']],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(dnf, args)).toEqual({ refused: [], changes, ran });
  });
});

describe('apk', () => {
  test.each([
    [{ name: 'nginx' }, [], []],
    [{ name: 'new=1.0' }, ['package new=1.0: absent -> installed'], ['apk[add][new=1.0]']],
    [
      { name: ['new', 'nginx'], no_cache: true, repository: 'https://host/edge' },
      absent,
      ['apk[add][--no-cache][--repository][https://host/edge][new]'],
    ],
    [
      { name: 'nginx', state: 'latest' },
      ['package nginx: nginx-1.20.1-r3 -> 1.22.0-r0'],
      ['apk[add][--upgrade][nginx]'],
    ],
    [
      { upgrade: true, available: true },
      ['package nginx: older -> 1.22.0-r0'],
      ['apk[upgrade][--available]'],
    ],
    [
      { name: 'nginx', state: 'absent' },
      ['package nginx: nginx-1.20.1-r3 -> absent'],
      ['apk[del][--purge][nginx]'],
    ],
    [
      { name: ['a', 'b'], virtual: '.new' },
      ['package .new: absent -> installed'],
      ['apk[add][--virtual][.new][a][b]'],
    ],
    [{ name: ['a', 'b'], virtual: '.web' }, [], []],
    [
      { virtual: '.web', state: 'absent' },
      ['package .web: installed -> absent'],
      ['apk[del][--purge][.web]'],
    ],
    [{ update_cache: true }, ['package lists: old -> fetched'], ['apk[update]']],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(apk, args)).toEqual({ refused: [], changes, ran });
  });
});

describe('pacman', () => {
  const quiet = '[--noconfirm][--noprogressbar]';
  test.each([
    [{ name: ['nginx', 'group'] }, [], []],
    [
      {
        name: ['new', 'https://host/x-1-1-any.pkg.tar.zst'],
        extra_args: "--builddir '/a b'",
        reason: 'dependency',
      },
      [...absent, 'package https://host/x-1-1-any.pkg.tar.zst: absent -> installed'],
      [
        `pacman[-S]${quiet}[--needed][--asdeps][--builddir][/a b][new]`,
        `pacman[-U]${quiet}[--asdeps][--builddir][/a b][https://host/x-1-1-any.pkg.tar.zst]`,
      ],
    ],
    [{ name: 'nginx', state: 'latest' }, newer, [`pacman[-S]${quiet}[--needed][nginx]`]],
    [
      { upgrade: true, upgrade_extra_args: '--x' },
      ['package nginx: older -> 1.22-1'],
      [`pacman[-Su]${quiet}[--x]`],
    ],
    [
      { name: 'nginx', state: 'absent', force: true, remove_nosave: true },
      ['package nginx: 1.20-1 -> absent'],
      [`pacman[-R]${quiet}[--nodeps][--nodeps][--nosave][nginx]`],
    ],
    [
      { update_cache: true, force: true },
      ['package lists: old -> fetched'],
      ['pacman[-Sy][--noconfirm][--refresh]'],
    ],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(pacman, args)).toEqual({ refused: [], changes, ran });
  });
});

describe('zypper', () => {
  const start = 'zypper[--non-interactive][--quiet]';
  const agreed = '[--type][package][--auto-agree-with-licenses][--no-recommends]';
  test.each([
    [{ name: 'nginx' }, [], []],
    [{ name: 'new' }, absent, [`${start}[install]${agreed}[--][new]`]],
    [
      {
        name: 'new',
        disable_recommends: false,
        disable_gpg_check: true,
        auto_import_keys: true,
        oldpackage: true,
        force: true,
        extra_args_precommand: '--root /x',
        quiet: false,
      },
      absent,
      [
        'zypper[--non-interactive][--no-gpg-checks][--gpg-auto-import-keys][--root][/x][install][--type][package][--auto-agree-with-licenses][--force][--oldpackage][--][new]',
      ],
    ],
    [{ name: 'nginx', state: 'latest' }, newer, [`${start}[update]${agreed}[--][nginx]`]],
    [{ name: '*', state: 'latest' }, ['package nginx: older -> 1.22-1'], [`${start}[update]${agreed}`]],
    [
      { name: '*', state: 'dist-upgrade', allow_vendor_change: true },
      ['package nginx: older -> 1.22-1'],
      [`${start}[dist-upgrade][--auto-agree-with-licenses][--allow-vendor-change][--no-recommends]`],
    ],
    [
      { name: 'nginx', state: 'absent', clean_deps: true },
      ['package nginx: 1.20-1 -> absent'],
      [`${start}[remove][--type][package][--clean-deps][--][nginx]`],
    ],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(zypper, args)).toEqual({ refused: [], changes, ran });
  });
});

test.each([
  [dnf, { name: 'x' }, 'the host has no dnf or dnf5 or yum; use package, or a `when` for hosts that have it'],
  [apk, { name: 'x' }, 'the host has no apk; use package, or a `when` for hosts that have it'],
  [zypper, { name: 'x', state: 'dist-upgrade' }, 'state: dist-upgrade takes no name but *'],
  [dnf, { list: 'installed' }, 'list is not supported: use package_facts'],
  [dnf, { name: 'x', download_only: true }, 'download_only is not supported: use command with dnf download'],
  [pacman, { name: 'x', reason_for: 'all' }, 'reason_for: all is not supported: use command with pacman -D'],
] as const)('%o refuses what cannot be', async (resource: AnyHostResource, args, message) => {
  const host = hostWith(join(fresh(), 'bin'), {});
  expect((await host.plan(resource, args)).refused).toEqual([message]);
});

describe('package on a host that has no apt', () => {
  // Whatever this machine has: only the stand-ins count, and the programs that every system has.
  async function elsewhere(manager: keyof typeof programs, args: object) {
    const directory = fresh();
    writeFileSync(join(directory, 'ran'), '');
    const host = hostWith(join(directory, 'bin'), programs[manager], { FAKE: directory });
    const { args: settled } = await host.plan(packageResource, args);
    const hidden = (script: string) => script.replaceAll('apt-get', 'provision-no-apt');
    const have = await host.look<PackageState>(packageResource, settled, { contents: false }, hidden);
    const refused = packageResource.refuse?.(settled as never, have) ?? [];
    const changes = refused.length > 0 ? [] : packageResource.diff(settled as never, have);
    const [step] = packageResource.steps(settled as never, changes, have);
    if (step?.kind === 'script') await host.run(step.script);
    const ran = readFileSync(join(directory, 'ran'), 'utf8').trim();
    return {
      refused,
      changes: changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`),
      ran: ran === '' ? [] : ran.split('\n'),
    };
  }

  test.each([
    [
      'dnf',
      { name: ['nginx', 'new', 'webserver'], enablerepo: ['epel'] },
      absent,
      ['dnf[-y][install][--enablerepo=epel][--][new]'],
    ],
    [
      'dnf',
      { name: 'nginx', state: 'latest' },
      ['package nginx: 1.20-1 -> 1.22-1.el9'],
      ['dnf[-y][upgrade][--][nginx]'],
    ],
    ['dnf', { name: '*', state: 'latest' }, ['package nginx: older -> 1.22-1.el9'], ['dnf[-y][upgrade]']],
    ['dnf', { name: '*' }, [], []],
    ['apk', { name: ['nginx', 'new'] }, absent, ['apk[add][new]']],
    [
      'pacman',
      { name: 'nginx', state: 'absent' },
      ['package nginx: 1.20-1 -> absent'],
      ['pacman[-R][--noconfirm][--noprogressbar][nginx]'],
    ],
    [
      'zypper',
      { name: 'new', use: 'zypper' },
      absent,
      [
        'zypper[--non-interactive][--quiet][install][--type][package][--auto-agree-with-licenses][--no-recommends][--][new]',
      ],
    ],
    ['zypper', { name: 'nginx', state: 'installed' }, [], []],
  ] as const)('%s: %j', async (manager, args, changes, ran) => {
    expect(await elsewhere(manager, args)).toEqual({ refused: [], changes, ran });
  });

  test('apt has no state installed', () => {
    const have = {
      apt: true,
      other: undefined,
      known: [],
      provided: new Set(),
      candidates: new Map(),
      lists: true,
    };
    expect(packageResource.refuse?.({ name: ['x'], state: 'installed' }, have as never)).toEqual([
      'state: installed: apt has no such state, use present',
    ]);
  });

  test.each([
    [{ name: 'x', use: 'apt' }, 'use: apt is not the package manager of the host, which is apk'],
    [{ name: 'x', purge: true }, 'purge: apk has no such argument'],
    [{ name: 'x=1' }, 'x=1: apk is asked for this by its own module, not by package'],
  ])('%j is refused', async (args, message) => {
    expect((await elsewhere('apk', args)).refused).toEqual([message]);
  });
});
