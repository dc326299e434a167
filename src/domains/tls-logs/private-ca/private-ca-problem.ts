import { ProvisionError } from '../../../errors/problem.ts';

/** What is wrong with the CA in a directory, and what to do. */
export function caProblem(directory: string, message: string, hint: string): ProvisionError {
  return new ProvisionError([
    { code: 'private-ca', message: `private CA in ${directory}: ${message}`, hint },
  ]);
}

/** There is none where one is needed. */
export function noPrivateCa(directory: string): ProvisionError {
  return new ProvisionError([
    {
      code: 'private-ca',
      message: `there is no private CA in ${directory}`,
      hint: 'name its directory with -d: playbooks keep it in .provision/ca beside them; `provision ca init` and the first `provision apply` make one',
    },
  ]);
}
