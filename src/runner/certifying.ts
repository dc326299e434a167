import { ProvisionError } from '../errors/problem.ts';
import type { AuthorityStep, IssueStep, ScriptOutput } from '../resources/resource.ts';
import type { HostSection, HostSession, ProgramStyle } from './host-session.ts';
import type { PrivateCas } from './private-cas.ts';
import { scriptOutput } from './script-output.ts';

/**
 * Does what only the control node can: signs the request that the host makes, or hands out the CA's own certificate.
 * Gives the section that installs the result on the host, or the output of what failed.
 */
export async function certify(
  cas: PrivateCas,
  step: IssueStep | AuthorityStep,
  section: Omit<HostSection, 'script'>,
  session: HostSession,
  style: ProgramStyle,
): Promise<HostSection | ScriptOutput> {
  let request = '';
  if (step.kind === 'issue') {
    const outputs = await session.run([{ ...section, script: step.requestScript }], style);
    const output = scriptOutput(outputs.get(section.id));
    if (output.code !== 0) return output;
    request = output.stdout;
  }
  try {
    const ca = await cas.open(step.ca, step.permitted);
    const certificate = step.kind === 'issue' ? await ca.issue(request, step) : ca.certificate;
    return { ...section, script: step.install(certificate) };
  } catch (error) {
    return { code: 1, stdout: '', stderr: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ProvisionError)) return error instanceof Error ? error.message : String(error);
  return error.problems
    .map(({ message, hint }) => (hint === undefined ? message : `${message}\n${hint}`))
    .join('\n');
}
