import { quote } from '../shell/quote.ts';
import {
  dockerAliases,
  dockerCommand,
  dockerPlace,
  type Inspected,
  inspectScript,
  member,
  optionWords,
  readInspected,
} from './docker/docker-client.ts';
import { dockerProbe } from './docker/docker-probe.ts';
import { fullImageName, isImageId, readImageName } from './docker/image-name.ts';
import { type ImageArguments, imageSchema } from './docker/image-schema.ts';
import { isNewest, registryDigestCode } from './docker/registry-digest.ts';
import type { Change, HostResource, Json } from './resource.ts';

interface State {
  readonly fault: string | undefined;
  readonly image: Inspected;
  readonly tagged: Inspected;
  /** The archive to load, or the directory to build in, is there. */
  readonly source: boolean;
  /** What the registry has, where that was asked. */
  readonly digest: string | undefined;
  /** What the archive that is kept says of itself. */
  readonly manifest: unknown;
}

function fullName({ name, tag }: ImageArguments): string {
  return fullImageName(name, tag);
}

/** The further name, with the tag of the image where it has none. */
function furtherName({ repository, name, tag }: ImageArguments): string | undefined {
  return repository === undefined
    ? undefined
    : fullImageName(repository, readImageName(name).tag ?? tag ?? 'latest');
}

function sourcePlace({ source, build, load_path }: ImageArguments): string | undefined {
  if (source === 'load') return load_path;
  return source === 'build' ? build?.path : undefined;
}

// Fetched each time: where docker can ask, only when the registry has another one.
function renews({ source, force_source, state }: ImageArguments): boolean {
  return state !== 'absent' && source === 'pull' && force_source === true;
}

function question(want: ImageArguments): string {
  const place = sourcePlace(want);
  const tagged = furtherName(want);
  const things: Record<string, readonly [string, string]> = { image: ['image', fullName(want)] };
  if (tagged !== undefined) things.tagged = ['image', tagged];
  const lines = [inspectScript(want, things)];
  if (place !== undefined) lines.push(`[ ! -e ${quote(place)} ] || echo 'source yes'`);
  if (want.archive_path !== undefined)
    lines.push(
      `[ ! -f ${quote(want.archive_path)} ] || provision_print manifest "$(tar -xOf ${quote(want.archive_path)} manifest.json 2>/dev/null)"`,
    );
  if (renews(want)) lines.push(registryDigestCode(fullName(want)));
  return lines.join('\n');
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

function isArchived(want: ImageArguments, { image, manifest }: State): boolean {
  const [only, ...more] = Array.isArray(manifest) ? manifest : [];
  const id = String(member(image, 'Id') ?? '').replace(/^sha256:/, '');
  const config = String(member(only, 'Config') ?? '');
  const tags = member(only, 'RepoTags');
  const named = isImageId(want.name) || (Array.isArray(tags) && tags.includes(fullName(want)));
  return more.length === 0 && id !== '' && config.includes(id) && named;
}

const deeds = { build: 'built', load: 'loaded', pull: 'pulled', local: 'there' } as const;

function differences(want: ImageArguments, have: State): readonly Change[] {
  const name = fullName(want);
  const newest = renews(want) && isNewest(have.image, have.digest);
  const made = !have.image || (want.force_source === true && want.source !== 'local' && !newest);
  const changes: Change[] = [];
  if (made)
    changes.push({
      attribute: `image ${name}`,
      from: have.image ? 'present' : 'absent',
      to: deeds[want.source ?? 'pull'],
    });
  if (want.archive_path !== undefined && (made || !isArchived(want, have)))
    changes.push({
      attribute: want.archive_path,
      from: have.manifest === undefined ? 'absent' : 'another image',
      to: 'archived',
    });
  const further = furtherName(want);
  if (further !== undefined) {
    const same = have.tagged && !made && member(have.tagged, 'Id') === member(have.image, 'Id');
    // As Ansible: another image of this name keeps it, unless tagging is forced.
    if (!have.tagged || (want.force_tag && !same))
      changes.push({
        attribute: `image ${further}`,
        from: have.tagged ? 'another image' : 'absent',
        to: 'tagged',
      });
  }
  if (want.push) changes.push({ attribute: `image ${further ?? name}`, to: 'pushed' });
  return changes;
}

function buildWords({ build }: ImageArguments): readonly string[] {
  if (!build) return [];
  const { container_limits: limits = {} } = build;
  const valued = (option: string, value: unknown) => (value === undefined ? [] : [option, String(value)]);
  const hosts = Object.entries(build.etc_hosts ?? {}).flatMap(([name, to]) => [
    '--add-host',
    `${name}:${to}`,
  ]);
  return [
    ...valued('--file', build.dockerfile === undefined ? undefined : `${build.path}/${build.dockerfile}`),
    ...optionWords('--build-arg', build.args),
    ...optionWords('--label', build.labels),
    ...(build.cache_from ?? []).flatMap((one) => ['--cache-from', one]),
    ...hosts,
    ...(build.pull ? ['--pull'] : []),
    ...(build.nocache ? ['--no-cache'] : []),
    ...(build.rm === false ? ['--rm=false'] : []),
    ...valued('--network', build.network),
    ...valued('--target', build.target),
    ...valued('--platform', build.platform),
    ...valued('--shm-size', build.shm_size),
    ...valued('--cpuset-cpus', limits.cpusetcpus),
    ...valued('--cpu-shares', limits.cpushares),
    ...valued('--memory', limits.memory),
    ...valued('--memory-swap', limits.memswap),
    build.path,
  ];
}

function sourceCommand(want: ImageArguments): string {
  const name = fullName(want);
  if (want.source === 'build') return dockerCommand('image', 'build', '--tag', name, ...buildWords(want));
  if (want.source === 'load') return dockerCommand('image', 'load', '--input', want.load_path ?? '');
  const platform = want.pull?.platform;
  return dockerCommand('image', 'pull', ...(platform === undefined ? [] : ['--platform', platform]), name);
}

/** An image of Docker. */
export const dockerImage: HostResource<ImageArguments, State> = {
  kind: 'host',
  name: 'docker_image',
  summary: 'Build, load, pull, tag, push, keep or remove an image of Docker',
  schema: imageSchema,
  argumentAliases: dockerAliases,
  effect: 'opaque',
  repeats: ({ state, force_source, source, push }) =>
    state !== 'absent' && ((force_source === true && source !== 'local') || push === true),
  probe: (want) =>
    dockerProbe(question(want), `the image ${fullName(want)}`, (answer) => ({
      image: readInspected(answer, 'image'),
      tagged: readInspected(answer, 'tagged'),
      digest: answer.get('digest'),
      source: answer.get('source') === 'yes',
      manifest:
        answer.get('manifest') === undefined
          ? undefined
          : (parsed(answer.bytes('manifest')?.toString()) ?? []),
    })),
  reliesOn: (want) => [sourcePlace(want) ?? []].flat(),
  refuse(want, have) {
    if (have.fault !== undefined) return [have.fault];
    if (want.state === 'absent') return [];
    if (want.source === undefined) return ['state is present but all of the following are missing: source'];
    if (want.source === 'build' && !want.build)
      return ['source is build but all of the following are missing: build'];
    if (want.source === 'load' && want.load_path === undefined)
      return ['source is load but all of the following are missing: load_path'];
    if (isImageId(want.name) && ['build', 'pull'].includes(want.source))
      return [`an image that is named by its identity cannot be made by ${want.source}: name it`];
    if (have.image && !want.force_source) return [];
    if (want.source === 'local' && !have.image) return [`Cannot find the image ${fullName(want)} locally.`];
    const place = sourcePlace(want);
    return place === undefined || have.source
      ? []
      : [`${want.source} needs ${place}, which does not exist on the host`];
  },
  diff(want, have) {
    if (want.state !== 'absent') return differences(want, have);
    return have.image ? [{ attribute: `image ${fullName(want)}`, from: 'present', to: 'absent' }] : [];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const name = fullName(want);
    const lines = [dockerPlace(want)];
    const run = (...words: readonly string[]) => lines.push(`${dockerCommand(...words)} || exit 1`);
    if (want.state === 'absent') run('image', 'rm', ...(want.force_absent ? ['--force'] : []), name);
    for (const { attribute, to } of changes) {
      if (want.state === 'absent') break;
      const further = furtherName(want);
      if (to === 'archived') run('image', 'save', '--output', attribute, name);
      else if (to === 'tagged') run('image', 'tag', name, further ?? name);
      else if (to === 'pushed') run('image', 'push', further ?? name);
      else lines.push(`${sourceCommand(want)} || exit 1`);
    }
    if (want.source === 'load' && want.state !== 'absent' && !have.image)
      lines.push(
        `${dockerCommand('image', 'inspect', name)} >/dev/null 2>&1 || { echo ${quote(`the archive does not have the image ${name}`)} >&2; exit 1; }`,
      );
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (_want, { image }, outputs) => ({
    image: (image ?? {}) as { readonly [key: string]: Json },
    ...(outputs.length > 0 && { stdout: outputs.at(-1)?.stdout ?? '' }),
  }),
};
