import { Answer } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { dockerFault } from './docker-client.ts';

/**
 * What is asked of the engine by one script, and why it cannot be asked where it does not answer.
 * @param what is asked about, for messages
 */
export function dockerProbe<Seen extends object>(
  script: string,
  what: string,
  read: (answer: Answer) => Seen,
): Probe<Seen & { readonly fault: string | undefined }> {
  return scriptProbe({
    script,
    parse(output) {
      const answer = new Answer(output, what);
      return { fault: dockerFault(answer), ...read(answer) };
    },
  });
}
