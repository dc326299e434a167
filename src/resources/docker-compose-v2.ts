import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { printedResult } from './commands/printed-output.ts';
import { composeCommand, composeQuestion, composeWords } from './docker/compose-commands.ts';
import { type ComposeEvent, composeEvents, composeList, eventChange } from './docker/compose-events.ts';
import { type ComposeArguments, composeSchema } from './docker/compose-schema.ts';
import { dockerAliases, dockerPlace, member } from './docker/docker-client.ts';
import type { Change, HostResource, Json } from './resource.ts';

interface State {
  /** What is missing: `docker`, `compose`, `place`, `files`. */
  readonly lacks: string | undefined;
  readonly failed: boolean;
  readonly said: string;
  readonly events: readonly ComposeEvent[];
  /** An image that its registry has another one of, or whose registry cannot be asked. */
  readonly stale: string | undefined;
  readonly containers: readonly unknown[];
  readonly images: readonly unknown[];
}

const still = ['created', 'exited', 'stopped', 'killed', 'dead'];

/** What would be done: to stop what does not run is nothing. */
function eventsOf(want: ComposeArguments, { events, containers }: State): readonly ComposeEvent[] {
  if (want.state !== 'stopped') return events;
  const stopped = new Set(
    containers
      .filter((one) => still.includes(String(member(one, 'State'))))
      .map((one) => String(member(one, 'Name'))),
  );
  return events.filter(({ id, status }) => status !== 'Stopping' || !stopped.has(id));
}

function repeated({ state = 'present', recreate, build }: ComposeArguments): boolean {
  const up = state === 'present' || state === 'stopped';
  return state === 'restarted' || (up && (recreate === 'always' || build === 'always'));
}

function missing(want: ComposeArguments, lacks: string | undefined): string | undefined {
  switch (lacks) {
    case undefined:
      return undefined;
    case 'docker':
      return 'the host has no docker; install it first';
    case 'compose':
      return 'the host has no docker compose 2; install it first, as with the package docker-compose-plugin or docker-compose';
    case 'place':
      return `"${want.project_src}" is not a directory on the host`;
    default:
      return want.files
        ? `the host lacks one of the files ${want.files.join(', ')} in ${want.project_src}`
        : `"${want.project_src}" does not contain compose.yaml, compose.yml, docker-compose.yaml, or docker-compose.yml`;
  }
}

/** A project of Docker Compose. */
export const dockerComposeV2: HostResource<ComposeArguments, State> = {
  kind: 'host',
  name: 'docker_compose_v2',
  summary: 'Run, stop, restart or remove a project of Docker Compose 2',
  schema: composeSchema,
  argumentAliases: dockerAliases,
  effect: 'opaque',
  // A service may end by itself, and what is pulled may bring more than was seen before.
  repeats: (want) => repeated(want) || want.pull === 'always',
  probe: (want) =>
    scriptProbe({
      script: composeQuestion(want),
      parse(output) {
        const answer = new Answer(output, 'the project of docker compose');
        const said = answer.bytes('said')?.toString() ?? '';
        return {
          lacks: ['docker', 'compose', 'place', 'files'].find((one) => answer.get(one) === 'no'),
          failed: answer.get('failed') !== undefined,
          said,
          events: composeEvents(said),
          stale: answer.get('stale'),
          containers: composeList(answer.bytes('containers')?.toString() ?? ''),
          images: composeList(answer.bytes('images')?.toString() ?? ''),
        };
      },
    }),
  reliesOn: ({ project_src: directory }) => (directory === undefined ? [] : [directory, `${directory}/`]),
  refuse(want, have) {
    if (want.definition === undefined && want.project_src === undefined)
      return ['one of the following is required: definition, project_src'];
    if (want.definition !== undefined && want.project_name === undefined)
      return ['definition needs project_name: a project without a directory has no name'];
    const lacks = missing(want, have.lacks);
    if (lacks !== undefined) return [lacks];
    if (!have.failed) return [];
    const last = have.said.trim().split('\n').slice(-3).join('\n');
    return [
      /unknown flag: --dry-run/.test(have.said)
        ? 'docker compose 2.18 or newer is needed: an older one cannot say what it would do'
        : `docker compose cannot do this: ${last}`,
    ];
  },
  diff(want, have) {
    const events = eventsOf(want, have);
    const changes: Change[] = events.map(eventChange);
    if (want.state === 'restarted' && changes.length === 0)
      changes.push({ attribute: 'project', to: 'restarted' });
    if (want.build === 'always' && repeated(want)) changes.unshift({ attribute: 'images', to: 'built' });
    if (have.stale !== undefined) changes.unshift({ attribute: `image ${have.stale}`, to: 'pulled' });
    return changes.filter(
      (one, index) =>
        changes.findIndex(({ attribute, to }) => attribute === one.attribute && to === one.to) === index,
    );
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { first, stop } = composeWords(want, false);
    const lines = [dockerPlace(want)];
    const stops = eventsOf(want, have).some(({ status }) => status === 'Stopping');
    const others = eventsOf(want, have).some(({ status }) => status !== 'Stopping');
    if (!stop || others || changes.some(({ to }) => to === 'built'))
      lines.push(`${composeCommand(want, ...first)} || exit 1`);
    if (stop && (stops || others)) lines.push(composeCommand(want, ...stop));
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (want, have, outputs, before) => ({
    ...printedResult(outputs),
    actions:
      outputs.length === 0
        ? []
        : eventsOf(want, before ?? have).map(({ what, id, status }) => ({ what, id, status })),
    containers: have.containers as readonly Json[],
    images: have.images as readonly Json[],
  }),
};
