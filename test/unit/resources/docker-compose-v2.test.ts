import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dockerComposeV2 } from '../../../src/resources/docker-compose-v2.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// Its words before the command are not noted; a definition that comes over stdin is.
const program = `case "$*" in
'compose version --short') echo 2.26.1 ;;
*imagetools*|*'image inspect'*) exit 1 ;;
*' config --images') echo web:1 ;;
*' ps --all '*) cat "$FAKE/containers" 2>/dev/null ;;
*' images '*) echo '[{"ID":"i1"}]' ;;
*--dry-run*) echo out; cat "$FAKE/dry" >&2; exit "$(cat "$FAKE/code")" ;;
*) printf '%s\\n' "$*" | sed "s/^compose --ansi never --progress plain //; s,$FAKE,@DIR,g" >>"$FAKE/ran"; case "$*" in *'--file -'*) sed 's/^/< /' >>"$FAKE/ran"; echo >>"$FAKE/ran" ;; esac ;;
esac`;

async function applied(args: object, dry = '', code = 0, containers = '') {
  const directory = fresh();
  mkdirSync(join(directory, 'shop'));
  writeFileSync(join(directory, 'shop/compose.yml'), '');
  writeFileSync(join(directory, 'dry'), dry);
  writeFileSync(join(directory, 'code'), String(code));
  writeFileSync(join(directory, 'containers'), containers);
  const host = hostWith(join(directory, 'bin'), { docker: program }, { FAKE: directory });
  const settled = JSON.parse(JSON.stringify(args).replaceAll('@DIR', directory));
  const { refused, changes, outputs, result } = await host.apply(dockerComposeV2, settled);
  for (const output of outputs) expect([output.code, output.stderr]).toEqual([0, '']);
  const ran = join(directory, 'ran');
  return {
    refused: refused.map((one) => one.replaceAll(directory, '@DIR')),
    changes: changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`),
    ran: existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : [],
    result,
  };
}

const shop = { project_src: '@DIR/shop' };
const start = '--project-directory @DIR/shop';
const creates = ` DRY-RUN MODE -  Network shop_default  Creating
 DRY-RUN MODE -  Network shop_default  Created
 DRY-RUN MODE -  Container shop-web-1  Creating
 DRY-RUN MODE -  Container shop-web-1  Created
 DRY-RUN MODE -  Container shop-web-1  Starting
 DRY-RUN MODE -  Container shop-web-1  Started
`;
const runs = ' DRY-RUN MODE -  Container shop-web-1  Running \n';
const stopping = ' Container shop-web-1  Stopping\n Container shop-web-1  Stopped\n';

test.each([
  [shop, runs, '', [], []],
  [
    shop,
    creates,
    '',
    [
      'network shop_default: absent -> created',
      'container shop-web-1: absent -> created',
      'container shop-web-1: stopped -> started',
    ],
    [`${start} up --detach --no-color --quiet-pull`],
  ],
  [
    {
      ...shop,
      project_name: 'p',
      files: ['compose.yml'],
      env_files: ['/etc/x.env'],
      profiles: ['debug'],
      services: ['web'],
      scale: { web: 2 },
      pull: 'missing',
      build: 'never',
      recreate: 'never',
      dependencies: false,
      remove_orphans: true,
      renew_anon_volumes: true,
      timeout: 3,
      wait: true,
      wait_timeout: 9,
    },
    creates.replaceAll('Creating', 'Recreate'),
    '',
    [
      'network shop_default: undefined -> made anew',
      'container shop-web-1: undefined -> made anew',
      'container shop-web-1: stopped -> started',
    ],
    [
      `${start} --project-name p --file @DIR/shop/compose.yml --env-file /etc/x.env --profile debug up --detach --no-color --quiet-pull --pull missing --remove-orphans --no-recreate --renew-anon-volumes --no-deps --timeout 3 --no-build --scale web=2 --wait --wait-timeout 9 -- web`,
    ],
  ],
  [
    { definition: { services: { web: { image: "it's" } } }, project_name: 'p' },
    creates,
    '',
    [
      'network shop_default: absent -> created',
      'container shop-web-1: absent -> created',
      'container shop-web-1: stopped -> started',
    ],
    [
      '--project-name p --file - up --detach --no-color --quiet-pull',
      `< {"services":{"web":{"image":"it's"}}}`,
    ],
  ],
  [
    { ...shop, state: 'absent', remove_volumes: true, remove_images: 'local' },
    ' Container shop-web-1  Stopping\n Container shop-web-1  Removing\n Volume shop_data  Removing\n',
    '',
    [
      'container shop-web-1: running -> stopped',
      'container shop-web-1: present -> absent',
      'volume shop_data: present -> absent',
    ],
    [`${start} down --rmi local --volumes`],
  ],
  [{ ...shop, state: 'absent' }, 'Warning: No resource found to remove for project "shop".\n', '', [], []],
  [{ ...shop, state: 'stopped' }, stopping, '{"Name":"shop-web-1","State":"exited"}\n', [], []],
  [
    { ...shop, state: 'stopped', timeout: 1 },
    stopping,
    '[{"Name":"shop-web-1","State":"running"}]',
    ['container shop-web-1: running -> stopped'],
    [`${start} stop --timeout 1`],
  ],
  [
    { ...shop, state: 'restarted', services: ['web'] },
    ' Container shop-web-1  Restarting\n',
    '',
    ['container shop-web-1: undefined -> restarted'],
    [`${start} restart -- web`],
  ],
  [
    { ...shop, pull: 'always' },
    runs,
    '',
    ['image web:1: undefined -> pulled'],
    [`${start} up --detach --no-color --quiet-pull --pull always`],
  ],
  [
    { ...shop, build: 'always' },
    runs,
    '',
    ['images: undefined -> built'],
    [`${start} up --detach --no-color --quiet-pull --build`],
  ],
] as const)('%j', async (args, dry, containers, changes, ran) => {
  expect(await applied(args, dry, 0, containers)).toMatchObject({ refused: [], changes, ran });
});

test('what was done, and what there is, is registered', async () => {
  expect(
    (await applied(shop, creates, 0, '{"Name":"shop-web-1"}\n{"Name":"shop-db-1"}\n')).result,
  ).toMatchObject({
    actions: [
      { what: 'network', id: 'shop_default', status: 'Creating' },
      { what: 'container', id: 'shop-web-1', status: 'Creating' },
      { what: 'container', id: 'shop-web-1', status: 'Starting' },
    ],
    containers: [{ Name: 'shop-web-1' }, { Name: 'shop-db-1' }],
    images: [{ ID: 'i1' }],
  });
});

test.each([
  [{}, '', 'one of the following is required: definition, project_src'],
  [{ definition: {} }, '', 'definition needs project_name: a project without a directory has no name'],
  [{ project_src: '@DIR/none' }, '', '"@DIR/none" is not a directory on the host'],
  [
    { project_src: '@DIR' },
    '',
    '"@DIR" does not contain compose.yaml, compose.yml, docker-compose.yaml, or docker-compose.yml',
  ],
  [
    shop,
    'unknown flag: --dry-run\n',
    'docker compose 2.18 or newer is needed: an older one cannot say what it would do',
  ],
  [shop, 'no such service: x\n', 'docker compose cannot do this: no such service: x'],
])('%j is refused', async (args, said, message) => {
  expect((await applied(args, said, 1)).refused).toEqual([message]);
});
