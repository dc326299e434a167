import { type Static, Type } from 'typebox';
import { hostPath, notBoth } from '../argument-schemas.ts';
import { dockerArguments } from './docker-client.ts';

const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));
const flag = (fallback: boolean, description: string) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const number = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

/** The arguments of `docker_compose_v2`, as Ansible names them. */
export const composeSchema = Type.Object(
  {
    project_src: Type.Optional(hostPath('directory of the host with the project')),
    project_name: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9_-]*$',
        description: 'its name; that of the directory without it',
      }),
    ),
    definition: Type.Optional(
      Type.Record(Type.String(), Type.Any(), { description: 'the project itself; it needs `project_name`' }),
    ),
    files: texts('files of the project in its directory'),
    env_files: texts('files with variables'),
    profiles: texts('profiles'),
    check_files_existing: flag(true, 'the directory must have a file of a project'),
    state: Type.Optional(
      Type.Enum(['absent', 'present', 'stopped', 'restarted'], {
        default: 'present',
        description: 'present runs; restarted restarts each time',
      }),
    ),
    services: texts('only these services'),
    scale: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'how many of each service' }),
    ),
    dependencies: flag(true, 'with what they depend on'),
    pull: Type.Optional(
      Type.Enum(['always', 'missing', 'never', 'policy'], {
        default: 'policy',
        description: 'when images are fetched; policy is what the project says',
      }),
    ),
    build: Type.Optional(
      Type.Enum(['always', 'never', 'policy'], { default: 'policy', description: 'when images are built' }),
    ),
    recreate: Type.Optional(
      Type.Enum(['always', 'never', 'auto'], {
        default: 'auto',
        description: 'when containers are made anew',
      }),
    ),
    renew_anon_volumes: flag(false, 'containers that are made anew get new anonymous volumes'),
    remove_orphans: flag(false, 'containers of services that are no more are removed'),
    remove_images: Type.Optional(
      Type.Enum(['all', 'local'], { description: 'with absent: which images go, too' }),
    ),
    remove_volumes: flag(false, 'with absent: volumes go, too'),
    timeout: number('seconds before a container that is to stop is killed'),
    wait: flag(false, 'wait until services run, or are healthy'),
    wait_timeout: number('seconds to wait'),
    ignore_build_events: flag(true, 'accepted'),
    assume_yes: flag(false, 'accepted: nobody is asked'),
    docker_host: dockerArguments.docker_host,
    api_version: dockerArguments.api_version,
    docker_cli: Type.Optional(Type.String({ pattern: '^/', description: 'the program' })),
    cli_context: Type.Optional(Type.String({ pattern: '^[\\w.-]+$', description: 'context of docker' })),
  },
  {
    additionalProperties: false,
    allOf: [notBoth('definition', 'project_src'), notBoth('definition', 'files')],
  },
);

export type ComposeArguments = Static<typeof composeSchema>;
