import { quote } from '../shell/quote.ts';
import {
  containerName,
  createCommand,
  healthWait,
  networkCommands,
  removeCommands,
  stopCommand,
} from './docker/container-commands.ts';
import {
  type ContainerState,
  containerDifferences,
  networkDifferences,
  pullsAlways,
} from './docker/container-comparison.ts';
import { type ContainerArguments, containerAliases, containerSchema } from './docker/container-schema.ts';
import {
  dockerAliases,
  dockerCommand,
  dockerPlace,
  type Inspected,
  inspectScript,
  member,
  readInspected,
} from './docker/docker-client.ts';
import { dockerProbe } from './docker/docker-probe.ts';
import { fullImageName } from './docker/image-name.ts';
import { isNewest, registryDigestCode } from './docker/registry-digest.ts';
import type { Change, HostResource, Json } from './resource.ts';

function question(want: ContainerArguments): string {
  const { image, env_file: file } = want;
  const things: Record<string, readonly [string, string]> = { container: ['container', containerName(want)] };
  if (image !== undefined) things.image = ['image', fullImageName(image)];
  const lines = [inspectScript(want, things)];
  if (file !== undefined)
    lines.push(`[ ! -f ${quote(file)} ] || printf 'file %s\\n' "$(base64 <${quote(file)} | tr -d '\\n')"`);
  if (image !== undefined && pullsAlways(want)) lines.push(registryDigestCode(fullImageName(image)));
  return lines.join('\n');
}

function status(container: Inspected): string {
  if (member(container, 'State', 'Paused') === true) return 'paused';
  return member(container, 'State', 'Running') === true
    ? 'running'
    : String(member(container, 'State', 'Status') ?? 'stopped');
}

function runs({ state = 'started' }: ContainerArguments): boolean {
  return state === 'started' || state === 'healthy';
}

function mustPull(want: ContainerArguments, { image, digest }: ContainerState): boolean {
  if (want.image === undefined || want.pull === 'never') return false;
  return !image || (pullsAlways(want) && !isNewest(image, digest));
}

function stateChanges(want: ContainerArguments, have: ContainerState): readonly Change[] {
  const { state = 'started', paused, restart } = want;
  const now = status(have.container);
  const change = (to: string): Change => ({ attribute: 'state', from: now, to });
  const running = now === 'running' || now === 'paused';
  if (state === 'stopped') return running ? [change('stopped')] : [];
  if (!runs(want))
    return paused !== undefined && running && (now === 'paused') !== paused
      ? [change(paused ? 'paused' : 'running')]
      : [];
  if (!running) return [change(paused ? 'paused' : state)];
  if (restart) return [change('restarted')];
  if (paused !== undefined && (now === 'paused') !== paused) return [change(paused ? 'paused' : 'running')];
  const healthy = member(have.container, 'State', 'Health', 'Status') === 'healthy';
  return state === 'healthy' && !healthy ? [{ attribute: 'state', from: 'not healthy', to: 'healthy' }] : [];
}

function differences(want: ContainerArguments, have: ContainerState): readonly Change[] {
  const { state = 'started' } = want;
  const name = containerName(want);
  if (state === 'absent')
    return have.container ? [{ attribute: `container ${name}`, from: 'present', to: 'absent' }] : [];
  const pulled: readonly Change[] = mustPull(want, have)
    ? [
        {
          attribute: `image ${fullImageName(want.image ?? '')}`,
          from: have.image ? 'present' : 'absent',
          to: 'pulled',
        },
      ]
    : [];
  if (!have.container) return [...pulled, { attribute: `container ${name}`, from: 'absent', to: state }];
  const { anew, changes } = containerDifferences(want, have);
  if (want.recreate && anew.length === 0)
    return [...pulled, { attribute: `container ${name}`, from: 'present', to: 'made anew' }];
  const networks = anew.length > 0 ? [] : networkDifferences(want, have.container).changes;
  const states = anew.length > 0 && runs(want) ? [] : stateChanges(want, have);
  return [...pulled, ...changes, ...networks, ...states];
}

/** What has the container do what it is to do; it is there. */
function runningCommands(want: ContainerArguments, now: string): readonly string[] {
  const name = containerName(want);
  const run = (...words: readonly string[]) => `${dockerCommand('container', ...words)} >/dev/null || exit 1`;
  const up = now === 'running' || now === 'paused';
  if (want.state === 'stopped') return up ? [`${stopCommand(want)} || exit 1`] : [];
  const lines: string[] = [];
  if (runs(want)) {
    if (now === 'paused' && want.paused !== true) lines.push(run('unpause', name));
    if (want.detach === false && !up)
      lines.push(`${dockerCommand('container', 'start', '--attach', name)}\nprovision_code=$?`);
    else if (up && want.restart)
      lines.push(
        run(
          'restart',
          ...(want.stop_timeout === undefined ? [] : ['--time', String(want.stop_timeout)]),
          name,
        ),
      );
    else if (now !== 'paused') lines.push(run('start', name));
    if (want.paused === true && now !== 'paused') lines.push(run('pause', name));
    if (want.state === 'healthy') lines.push(healthWait(want));
  } else if (want.paused !== undefined && up && (now === 'paused') !== want.paused)
    lines.push(run(want.paused ? 'pause' : 'unpause', name));
  return lines;
}

function commands(want: ContainerArguments, have: ContainerState): readonly string[] {
  const { container } = have;
  if (want.state === 'absent') return removeCommands(want, container);
  const { image = '' } = want;
  const made = createCommand(want, have);
  const again = [...removeCommands(want, container), ...made];
  const pull = mustPull(want, have)
    ? [
        `${dockerCommand('image', 'pull', ...(want.platform === undefined ? [] : ['--platform', want.platform]), fullImageName(image))} >/dev/null || exit 1`,
      ]
    : [];
  if (!container) return [...pull, ...made, ...runningCommands(want, 'created')];
  const { anew, update } = containerDifferences(want, have);
  if (want.recreate || anew.length > 0) return [...pull, ...again, ...runningCommands(want, 'created')];
  const lines = [...pull];
  const now = status(container);
  if (pull.length > 0 && !want.ignore_image) {
    // Only a fetched image that is another one is a reason to make it anew.
    const ask = dockerCommand('image', 'inspect', '--format', '{{.Id}}', fullImageName(image));
    lines.push(`if [ "$(${ask})" != ${quote(String(member(container, 'Image')))} ]; then`, ...again, 'fi');
  }
  if (update.length > 0)
    lines.push(
      `${dockerCommand('container', 'update', ...update.flatMap((option) => option.words(want)), containerName(want))} >/dev/null || exit 1`,
    );
  return [...lines, ...networkCommands(want, container), ...runningCommands(want, now)];
}

function refusal(want: ContainerArguments, have: ContainerState): string | undefined {
  if (have.fault !== undefined) return have.fault;
  if (want.state === 'absent') return undefined;
  const name = fullImageName(want.image ?? '');
  if (want.image === undefined && !have.container)
    return 'Cannot create container when image is not specified!';
  if (want.image !== undefined && !have.image && want.pull === 'never')
    return `Cannot find image with name ${name}, and pull=never`;
  const later = (want.networks ?? []).slice(1).find(({ mac_address: address }) => address !== undefined);
  return later && `docker gives no mac_address in a network that is not the first one: ${later.name}`;
}

function readObject(line: string): Inspected {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Inspected) : undefined;
  } catch {
    return undefined;
  }
}

/** A container of Docker. */
export const dockerContainer: HostResource<ContainerArguments, ContainerState> = {
  kind: 'host',
  name: 'docker_container',
  summary: 'Make, start, stop or remove a container of Docker',
  schema: containerSchema,
  argumentAliases: { ...containerAliases, ...dockerAliases },
  effect: 'opaque',
  // What ends by itself is not looked at again: it may have ended.
  repeats: (want) =>
    want.state !== 'absent' &&
    (want.restart === true ||
      want.recreate === true ||
      want.detach === false ||
      pullsAlways(want) ||
      (runs(want) && !['always', 'unless-stopped'].includes(want.restart_policy ?? 'no'))),
  probe: (want) =>
    dockerProbe(question(want), `the container ${containerName(want)}`, (answer) => ({
      container: readInspected(answer, 'container'),
      image: readInspected(answer, 'image'),
      digest: answer.get('digest'),
      environment: answer.bytes('file')?.toString().split('\n'),
    })),
  reliesOn: ({ env_file: file }) => (file === undefined ? [] : [file]),
  refuse: (want, have) => [refusal(want, have) ?? []].flat(),
  diff: differences,
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const lines = [dockerPlace(want), ...commands(want, have)];
    const shown = dockerCommand('container', 'inspect', '--format', '{{json .}}', containerName(want));
    if (want.state !== 'absent') lines.push(`${shown} 2>/dev/null || :`);
    if (want.detach === false && want.cleanup)
      lines.push(`${dockerCommand('container', 'rm', '--force', containerName(want))} >/dev/null`);
    if (want.detach === false) lines.push('exit "${provision_code:-0}"');
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result(want, have, outputs) {
    const lines = outputs.at(-1)?.stdout.trimEnd().split('\n') ?? [];
    const last = lines.at(-1) ?? '';
    const container = (readObject(last) ?? have.container ?? {}) as { readonly [key: string]: Json };
    if (want.state === 'absent') return {};
    const output = lines
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join('');
    return {
      container: want.detach === false && outputs.length > 0 ? { ...container, Output: output } : container,
      ...(want.detach === false && outputs.length > 0 && { status: outputs.at(-1)?.code ?? 0 }),
    };
  },
};
