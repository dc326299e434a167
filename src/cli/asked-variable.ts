import { ProvisionError } from '../errors/problem.ts';
import type { AskPrompt, VarsPrompt } from '../language/model.ts';
import type { Redactor } from '../report/redaction.ts';
import { askLine, askSecret, PromptInterrupted } from './secret-prompt.ts';

async function answered({ question, isPrivate }: VarsPrompt): Promise<string> {
  const answer = await (isPrivate ? askSecret : askLine)(question, 'vars_prompt');
  if (answer === undefined) throw new PromptInterrupted('interrupted');
  return answer;
}

async function confirmed(prompt: VarsPrompt): Promise<string> {
  for (;;) {
    const first = await answered(prompt);
    if (first === (await answered({ ...prompt, question: `confirm ${prompt.question}` }))) return first;
  }
}

/**
 * Asks a person for a variable of `vars_prompt`. Without a terminal, and for the workers of a fleet, it has its default, as
 * with Ansible; one without a default is refused.
 */
export function askVariable(redactor: Redactor, { fleet }: { readonly fleet?: unknown }): AskPrompt {
  return async (prompt, unanswered) => {
    const { name, isPrivate, confirm, otherwise } = prompt;
    if (fleet || !process.stdin.isTTY) {
      if (otherwise !== undefined && !fleet) return otherwise;
      const message = `the variable '${name}' has no value`;
      throw new ProvisionError([{ code: 'missing-variable', message, ...unanswered }]);
    }
    const answer = (await (confirm ? confirmed(prompt) : answered(prompt))) || (otherwise ?? '');
    if (isPrivate && answer !== '') redactor.add(answer);
    return answer;
  };
}
