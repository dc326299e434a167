import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRequirement, versionFits } from '../../../src/resources/pip/requirement.ts';
import { pip } from '../../../src/resources/pip.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

// As the library packaging of Python has it.
test.each([
  ['flask', '1.0', true],
  ['Flask_SQLAlchemy[x,y] >= 2, < 3', '2.9.1', true],
  ['flask>=2,<3', '3.0', false],
  ['flask==1.0', '1.0.0', true],
  ['flask==1.*', '1.9', true],
  ['flask!=1.*', '1.9', false],
  ['flask~=1.4.2', '1.4.9', true],
  ['flask~=1.4.2', '1.5', false],
  ['flask~=1.4', '1.9', true],
  ['flask>=1.0', '1.0rc1', false],
  ['flask>1.0', '1.0.post1', true],
  ['flask<1.0', '1.0.dev1', true],
  ['flask>=1.10', '1.9', false],
  ['flask===1.0', '1.0', true],
  ['flask<=1!2', '9.0', true],
  ['flask==1.0', '1.0+local', true],
])('%s with %s: %s', (text, installed, fits) => {
  const requirement = readRequirement(text);
  expect(requirement && versionFits(requirement, installed)).toBe(fits);
});

test.each(['git+https://x/y.git', './here', 'a @ https://x', 'a; python_version < "3"', ''])(
  '%s is no plain name',
  (text) => {
    expect(readRequirement(text)).toBeUndefined();
  },
);

describe('on this machine', () => {
  const fresh = scratch();

  // What is installed lies in a file; what is asked for is installed as it is named.
  function machine() {
    const root = fresh();
    writeFileSync(join(root, 'installed'), 'Flask==1.0\n');
    const code = `echo "$@" >>${root}/said
verb=$1; shift
case $verb in
list) cat ${root}/installed ;;
uninstall) for word; do case $word in -*) ;; *) sed -i "/^$word==/Id" ${root}/installed ;; esac; done ;;
install)
  case " $* " in *' --dry-run '*) echo 'Would install new-2.0'; exit ;; esac
  for word; do case $word in -* | /*) ;; *==*) echo "$word" >>${root}/installed ;; *) grep -qi "^$word==" ${root}/installed || echo "$word==9.0" >>${root}/installed ;; esac; done ;;
esac`;
    return { root, code, host: hostWith(join(root, 'bin'), { pip3: code }) };
  }

  test('packages are installed once, and removed', async () => {
    const { root, host } = machine();
    const args = { name: ['flask', 'requests', 'six'] };
    expect((await host.apply(pip, args)).changes).toEqual([
      { attribute: 'package requests', from: 'absent', to: 'installed' },
      { attribute: 'package six', from: 'absent', to: 'installed' },
    ]);
    expect((await host.apply(pip, args)).changes).toEqual([]);
    expect((await host.plan(pip, { name: 'flask', version: '1.1' })).changes).toEqual([
      { attribute: 'package flask', from: '1.0', to: '1.1' },
    ]);
    await host.apply(pip, { name: 'Flask', state: 'absent' });
    expect((await host.plan(pip, { name: 'flask', state: 'absent' })).changes).toEqual([]);
    expect(readFileSync(join(root, 'said'), 'utf8')).toContain('uninstall -y');
  });

  test.each([
    [{ requirements: '/r.txt' }],
    [{ name: 'flask', state: 'latest' }],
    [{ name: 'git+https://x/new.git' }],
  ])('pip itself is asked about %j', async (args) => {
    const { host } = machine();
    expect((await host.plan(pip, args)).changes).toEqual([
      { attribute: 'package new', from: 'absent', to: '2.0' },
    ]);
  });

  test('a virtual environment is made', async () => {
    const { root, code, host } = machine();
    const environment = join(root, 'env');
    const make = join(root, 'bin/make-env');
    mkdirSync(join(root, 'bin'), { recursive: true });
    writeFileSync(
      make,
      `#!/bin/sh\nmkdir -p "$2/bin" && touch "$2/bin/activate" && cp ${root}/bin/pip3 "$2/bin/pip3"\n`,
      { mode: 0o755 },
    );
    const args = {
      name: 'six',
      virtualenv: environment,
      virtualenv_command: make,
      virtualenv_site_packages: true,
    };
    expect((await host.apply(pip, args)).changes).toEqual([
      { attribute: 'virtualenv', from: 'absent', to: environment },
      { attribute: 'package six', from: 'absent', to: 'installed' },
    ]);
    expect((await host.apply(pip, args)).changes).toEqual([]);
    expect(readFileSync(join(environment, 'bin/pip3'), 'utf8')).toContain(code.slice(0, 20));
  });

  test.each([
    [{ name: 'a', version: '1', state: 'latest' }, 'incompatible'],
    [{ name: ['a', 'b'], version: '1' }, 'ambiguous'],
    [{ name: 'a>1', version: '1' }, 'conflicts'],
    [{ name: 'a', executable: '/no/pip' }, 'has no /no/pip'],
    [{ name: 'a', extra_args: '"' }, 'a quote is not closed'],
  ])('%j is refused', async (args, why) => {
    const { host } = machine();
    expect((await host.plan(pip, args)).refused).toEqual([expect.stringContaining(why)]);
  });
});
