import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gem } from '../../../src/resources/gem.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

const program = `case "$*" in
'list --norc --local '*) printf '\\n*** LOCAL GEMS ***\\n\\nrake (default: 13.0.6, 12.3)\\nvagrant (1.0)\\n' ;;
'list --norc --remote '*) printf 'rake (13.1.0)\\n' ;;
*) printf '[%s]' "$@" >>"$FAKE/ran" ;;
esac`;

async function applied(args: object) {
  const directory = fresh();
  const host = hostWith(join(directory, 'bin'), { gem: program }, { FAKE: directory });
  const { refused, changes } = await host.apply(gem, args);
  const ran = join(directory, 'ran');
  return {
    refused,
    changes: changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`),
    ran: existsSync(ran) ? readFileSync(ran, 'utf8') : '',
  };
}

test.each([
  [{ name: 'rake' }, [], ''],
  [{ name: 'rake', version: '12.3' }, [], ''],
  [
    { name: 'rake', version: '11.0', user_install: false, include_dependencies: false },
    ['gem rake: 13.0.6, 12.3 -> 11.0'],
    '[install][--norc][--ignore-dependencies][--no-user-install][--version][11.0][--no-document][rake]',
  ],
  [
    {
      name: 'new',
      install_dir: '/opt/a',
      bindir: '/opt/b',
      repository: 'https://host/',
      pre_release: true,
      build_flags: "--with 'a b'",
      env_shebang: true,
      include_doc: true,
      force: true,
    },
    ['gem new: absent -> installed'],
    '[install][--norc][--install-dir][/opt/a][--bindir][/opt/b][--source][https://host/][--prerelease][--env-shebang][new][--force][--][--with][a b]',
  ],
  [
    { name: 'new', gem_source: '/tmp/new.gem' },
    ['gem new: absent -> installed'],
    '[install][--norc][--user-install][--no-document][/tmp/new.gem]',
  ],
  [
    { name: 'rake', state: 'latest' },
    ['gem rake: 13.0.6, 12.3 -> 13.1.0'],
    '[install][--norc][--user-install][--no-document][rake]',
  ],
  [
    { name: 'rake', state: 'absent' },
    ['gem rake: 13.0.6, 12.3 -> absent'],
    '[uninstall][--norc][rake][--all][--executables]',
  ],
  [
    { name: 'rake', state: 'absent', version: '12.3' },
    ['gem rake: 12.3 -> absent'],
    '[uninstall][--norc][rake][--version][12.3][--executables]',
  ],
  [{ name: 'new', state: 'absent' }, [], ''],
])('%j', async (args, changes, ran) => {
  expect(await applied(args)).toEqual({ refused: [], changes, ran });
});

test.each([
  [{ name: 'a', state: 'latest', version: '1' }, 'Cannot specify version when state=latest'],
  [
    { name: 'a', state: 'latest', gem_source: '/x' },
    'Cannot maintain state=latest when installing from local source',
  ],
  [
    { name: 'a', executable: '/nowhere/gem' },
    'the host has no gem; install it first, as with the package ruby',
  ],
])('%j is refused', async (args, message) => {
  expect((await applied(args)).refused).toEqual([message]);
});
