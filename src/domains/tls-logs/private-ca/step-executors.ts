import { ProvisionError } from '../../../errors/problem.ts';
import { thrownText } from '../../../errors/thrown-text.ts';
import type { StepExecutor } from '../../../resources/domain.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import type { AuthorityStep, IssueStep } from './issue-step.ts';
import type { OpenedCas } from './opened-cas.ts';

/** Signs the request that a host makes with the private CA. */
export function issueExecutor(cas: OpenedCas): StepExecutor<IssueStep> {
  return {
    kind: 'tls-logs:issue',
    async run(step, host) {
      const output = await host.run(step.requestScript);
      if (output.code !== 0) return output;
      return await certified(async () => {
        const ca = await cas.open(step.ca, step.permitted);
        return step.install(await ca.issue(output.stdout, step));
      });
    },
  };
}

/** Hands out the private CA's own certificate. */
export function authorityExecutor(cas: OpenedCas): StepExecutor<AuthorityStep> {
  return {
    kind: 'tls-logs:authority',
    run: (step) =>
      certified(async () => {
        const ca = await cas.open(step.ca, step.permitted);
        return step.install(ca.certificate);
      }),
  };
}

async function certified(
  install: () => Promise<string>,
): Promise<{ readonly script: string } | ScriptOutput> {
  try {
    return { script: await install() };
  } catch (error) {
    return { code: 1, stdout: '', stderr: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ProvisionError)) return thrownText(error);
  return error.problems
    .map(({ message, hint }) => (hint === undefined ? message : `${message}\n${hint}`))
    .join('\n');
}
