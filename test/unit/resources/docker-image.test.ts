import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fullImageName } from '../../../src/resources/docker/image-name.ts';
import { dockerImage } from '../../../src/resources/docker-image.ts';
import { FakeDocker } from '../../helpers/resources/fake-docker.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();
const image = { Id: 'sha256:11', RepoTags: ['app:1'] };

test.each([
  ['app', undefined, 'app:latest'],
  ['app', '2', 'app:2'],
  ['app:1', '2', 'app:1'],
  ['host:5000/app', undefined, 'host:5000/app:latest'],
  ['app@sha256:ab', undefined, 'app@sha256:ab'],
  ['sha256:ab', '2', 'sha256:ab'],
])('%s with the tag %s is %s', (name, tag, full) => {
  expect(fullImageName(name, tag)).toBe(full);
});

async function applied(args: object) {
  const directory = fresh();
  mkdirSync(join(directory, 'src'));
  const docker = new FakeDocker(directory);
  docker.knows('image', 'app:1', image);
  docker.knows('image', 'mirror:1', { Id: 'sha256:22' });
  const settled = JSON.parse(JSON.stringify(args).replaceAll('@DIR', directory));
  const { refused, changes, outputs, result } = await docker.host.apply(dockerImage, settled);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  const text = (list: readonly string[]) => list.map((one) => one.replaceAll(directory, '@DIR'));
  return {
    refused: text(refused),
    changes: text(changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)),
    ran: text(docker.ran).filter((line) => !line.startsWith('[buildx]')),
    result,
  };
}

test.each([
  [{ name: 'app', tag: '1', source: 'pull' }, [], []],
  [{ name: 'app:1', source: 'local' }, [], []],
  [
    { name: 'new', source: 'pull', pull: { platform: 'linux/arm64' } },
    ['image new:latest: absent -> pulled'],
    ['[image][pull][--platform][linux/arm64][new:latest]'],
  ],
  [
    { name: 'app:1', source: 'pull', force_source: true },
    ['image app:1: present -> pulled'],
    ['[image][pull][app:1]'],
  ],
  [
    {
      name: 'new',
      source: 'build',
      build: {
        path: '@DIR/src',
        args: { a: "it's" },
        dockerfile: 'Containerfile',
        pull: true,
        nocache: true,
        target: 'end',
        labels: { b: 1 },
        etc_hosts: { db: '10.0.0.1' },
        container_limits: { memory: '1g', cpushares: 2 },
        rm: false,
      },
    },
    ['image new:latest: absent -> built'],
    [
      "[image][build][--tag][new:latest][--file][@DIR/src/Containerfile][--build-arg][a=it's][--label][b=1][--add-host][db:10.0.0.1][--pull][--no-cache][--rm=false][--target][end][--cpu-shares][2][--memory][1g][@DIR/src]",
    ],
  ],
  [
    { name: 'app:1', source: 'local', repository: 'other', push: true },
    ['image other:1: absent -> tagged', 'image other:1: undefined -> pushed'],
    ['[image][tag][app:1][other:1]', '[image][push][other:1]'],
  ],
  [{ name: 'app:1', source: 'local', repository: 'mirror' }, [], []],
  [
    { name: 'app:1', source: 'local', repository: 'mirror', force_tag: true },
    ['image mirror:1: another image -> tagged'],
    ['[image][tag][app:1][mirror:1]'],
  ],
  [
    { name: 'app:1', source: 'local', archive_path: '@DIR/app.tar' },
    ['@DIR/app.tar: absent -> archived'],
    ['[image][save][--output][@DIR/app.tar][app:1]'],
  ],
  [
    { name: 'app:1', state: 'absent', force_absent: true },
    ['image app:1: present -> absent'],
    ['[image][rm][--force][app:1]'],
  ],
  [{ name: 'none', state: 'absent' }, [], []],
])('%j', async (args, changes, ran) => {
  expect(await applied(args)).toMatchObject({ refused: [], changes, ran });
});

test('what there is is registered', async () => {
  expect((await applied({ name: 'app:1', source: 'local' })).result).toEqual({ image });
});

test.each([
  [{ name: 'new' }, 'state is present but all of the following are missing: source'],
  [{ name: 'new', source: 'local' }, 'Cannot find the image new:latest locally.'],
  [{ name: 'new', source: 'build' }, 'source is build but all of the following are missing: build'],
  [
    { name: 'new', source: 'load', load_path: '@DIR/none' },
    'load needs @DIR/none, which does not exist on the host',
  ],
])('%j is refused', async (args, message) => {
  expect((await applied(args)).refused).toEqual([message]);
});
