/** Why nothing can be said of a service's container; [] when it is there. */
export function dockerFault(
  fault: string,
  isThere: boolean,
  { service, project_src: directory }: { readonly service: string; readonly project_src: string },
): readonly string[] {
  if (fault === 'docker') return ['there is no docker on the host'];
  if (fault !== '') return [`the Docker daemon does not answer: ${fault.trim()}`];
  return isThere ? [] : [`service ${service} of ${directory} has no container: start it first`];
}
