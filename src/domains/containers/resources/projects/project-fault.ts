import type { ProjectAnswer } from '../../probes/compose-project.ts';

type Unfit = Extract<ProjectAnswer, { kind: 'unfit' }>;

/** Why nothing can be done about a Compose project, and what to do first. */
export function projectFault({ fault, said }: Unfit, directory: string): string {
  const [what, ...names] = fault.split(' ');
  switch (what) {
    case 'directory':
      return `the host has no directory ${directory}, or it may not be entered`;
    case 'docker':
      return 'there is no docker on the host, so nothing was touched: install Docker Engine with Compose first (Debian: docker.io and docker-compose)';
    case 'compose':
      return 'the host has docker, but neither `docker compose` nor `docker-compose`: install one (Debian: docker-compose)';
    case 'daemon':
      return `the Docker daemon does not answer: ${said.trim().split('\n').at(-1)}`;
    case 'several':
      return `${directory} has ${names.join(' and ')}, of which Compose takes one: name it in \`files\`, or remove the other`;
    case 'file':
      return `${directory} has no readable file ${said}, which Compose is to read`;
    case 'size':
      return `${said} in ${directory} is larger than 1 MiB; such a file is not edited`;
    default:
      return `${directory} has no compose file (compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml): name it in \`files\``;
  }
}
