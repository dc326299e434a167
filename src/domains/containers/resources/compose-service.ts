import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { hostPath, needsOneOf } from '../../../resources/argument-schemas.ts';
import type { Change, HostResource, Json } from '../../../resources/resource.ts';
import { editService } from '../compose/service-edit.ts';
import type { ServiceWish, Values } from '../compose/service-wish.ts';
import { shownCompose } from '../compose/shown-compose.ts';
import {
  composeProject,
  type ProjectAnswer,
  type ProjectPlace,
  readProject,
} from '../probes/compose-project.ts';
import { projectFault } from './projects/project-fault.ts';
import { serviceSteps } from './projects/service-steps.ts';

const text = Type.String({ minLength: 1, pattern: '^[^\\u0000]*$' });
const fileName = { pattern: '^[^\\u0000\\n]+$' };

const schema = Type.Object(
  {
    project_src: hostPath("the project's directory, in which its compose file lies"),
    service: Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'the service, as the file names it' }),
    settings: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'keys of the service as an override file would have them: names of `environment` and `labels` are merged, `volumes` by their path in the container, other lists get what they lack, `command` and `entrypoint` are replaced',
      }),
    ),
    absent: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        description:
          'what the service must not have: a key, `environment.NAME`, `volumes.PATH` for what is mounted there, `ports.ITEM`',
      }),
    ),
    replace: Type.Optional(
      Type.Array(
        Type.Object(
          {
            texts: Type.Array(text, { minItems: 1, description: 'what must not stand there any more' }),
            with: Type.String({ minLength: 1, description: 'what stands there instead' }),
          },
          { additionalProperties: false },
        ),
        {
          default: [],
          description:
            "texts in any of the service's values; it fails when neither they nor what replaces them is there",
        },
      ),
    ),
    state: Type.Optional(
      Type.Enum(['started', 'present'], {
        default: 'started',
        description:
          'started: its container runs and is made anew when its definition changed, no other; present: only the file is edited',
      }),
    ),
    files: Type.Optional(
      Type.Array(Type.String(fileName), {
        default: [],
        description:
          'compose files as `-f` takes them; those that Compose finds itself (COMPOSE_FILE, an override) when left out',
      }),
    ),
    project_name: Type.Optional(
      Type.String({ pattern: '^[a-z0-9][a-z0-9_-]*$', description: 'as `-p` takes it' }),
    ),
    env_file: Type.Optional(
      Type.String({
        ...fileName,
        description: 'file with variables for the compose files, in place of `.env`',
      }),
    ),
  },
  { additionalProperties: false, ...needsOneOf('settings', 'absent', 'replace', 'state') },
);

type Args = Static<typeof schema>;

interface State {
  readonly project: ProjectAnswer;
  /** A diff is to be shown. */
  readonly contents: boolean;
}

type There = Extract<ProjectAnswer, { kind: 'there' }>;

function placeOf({
  project_src: directory,
  files = [],
  project_name: project,
  env_file: envFile,
}: Args): ProjectPlace {
  return { directory, files, project, envFile };
}

function wishOf({ settings, absent = [], replace = [] }: Args): ServiceWish {
  return { settings: (settings ?? {}) as Values, absent, replace };
}

function edited(want: Args, project: There) {
  return editService(project.files, want.service, wishOf(want));
}

function fileChanges(want: Args, project: There, contents: boolean): readonly Change[] {
  return edited(want, project).files.flatMap(({ path, text: after }, index): Change[] => {
    const before = project.files[index]?.text ?? '';
    if (before === after) return [];
    const shown = contents ? { text: { path, ...shownCompose(before, after) } } : {};
    return [{ attribute: 'content', ...shown }];
  });
}

function containerChange({ containers, hash }: There, isEdited: boolean): readonly Change[] {
  const to = 'running';
  if (containers.length === 0) return [{ attribute: 'container', from: 'absent', to }];
  const other = containers.find(({ state }) => state !== 'running');
  if (other) return [{ attribute: 'container', from: other.state, to }];
  if (isEdited) return [{ attribute: 'container', from: 'running', to: 'made anew' }];
  return containers.some((one) => one.hash !== hash)
    ? [{ attribute: 'container', from: 'running, of another definition', to: 'made anew' }]
    : [];
}

/** A service of Docker Compose: what its file says of it, and its container. */
export const composeService: HostResource<Args, State> = {
  kind: 'host',
  name: 'compose_service',
  summary:
    'Edit keys of a service in a compose file that is there, and make its container anew when they changed',
  schema,
  effect: ({ state }) => (state === 'present' ? 'contained' : 'opaque'),
  follows: ({ state }) => state !== 'present',
  paths: ({ project_src: directory }) => [`${directory.replace(/\/+$/, '')}/`],
  reliesOn: ({ project_src: directory }) => [`${directory.replace(/\/+$/, '')}/`],
  probe: (want, { contents }) =>
    asking({ output: composeProject(placeOf(want), want.service) }, ({ output }) => ({
      project: readProject(output, placeOf(want)),
      contents,
    })),
  refuse(want, { project }) {
    if (project.kind === 'unfit') return [projectFault(project, want.project_src)];
    const { faults, files } = edited(want, project);
    if (faults.length > 0) return faults;
    const same = files.every(({ text: after }, index) => after === project.files[index]?.text);
    return same && project.invalid !== undefined
      ? [`${project.command} does not take ${files.map(({ path }) => path).join(', ')}: ${project.invalid}`]
      : [];
  },
  diff(want, { project, contents }) {
    if (project.kind === 'unfit') return [];
    const changes = fileChanges(want, project, contents);
    return want.state === 'present' ? changes : [...changes, ...containerChange(project, changes.length > 0)];
  },
  steps(want, changes, { project }) {
    if (project.kind === 'unfit' || changes.length === 0) return [];
    const starts = want.state !== 'present';
    return serviceSteps({
      place: placeOf(want),
      project,
      service: want.service,
      starts,
      texts: edited(want, project).files,
    });
  },
  result(want, { project }): { readonly [key: string]: Json } {
    if (project.kind === 'unfit') return {};
    const { command, version, files, containers } = project;
    return {
      service: want.service,
      compose: command,
      version,
      files: files.map(({ path }) => path),
      containers: containers.map(({ id }) => id),
    };
  },
};
