import { openPrivateCa } from '../certs/private-ca.ts';
import type { AuthorityStep, IssueStep, ScriptOutput } from '../resources/resource.ts';
import type { HostSection, HostSession, ProgramStyle } from './host-session.ts';
import { scriptOutput } from './script-output.ts';

/**
 * Does what only the control node can: signs the request that the host makes, or hands out the CA's own certificate.
 * Gives the section that installs the result on the host, or the output of what failed.
 */
export async function certify(
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
    const ca = await openPrivateCa(step.ca);
    const certificate = step.kind === 'issue' ? await ca.issue(request, step) : ca.certificate;
    return { ...section, script: step.install(certificate) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 1, stdout: '', stderr: `the private CA in ${step.ca} cannot be used: ${reason}` };
  }
}
