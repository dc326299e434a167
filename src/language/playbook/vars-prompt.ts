import type { AskPrompt, VariableLayer, VarsPrompt } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import { YamlNode } from '../source/yaml/yaml-node.ts';

function isYes(node: YamlNode | undefined, otherwise: boolean): boolean {
  return node === undefined ? otherwise : /^(true|yes|on|1)$/i.test(String(node.value));
}

function readPrompt(node: YamlNode): VarsPrompt {
  const name = String(node.get('name')?.value ?? '');
  const value = node.get('default')?.value;
  const otherwise = value === undefined || value === null ? undefined : String(value);
  const text = node.get('prompt')?.value;
  const words = typeof text === 'string' && text.trim() !== '' ? text.trim() : name;
  return {
    name,
    // As Ansible shows it.
    question: `${words}${otherwise === undefined ? '' : ` [${otherwise}]`}: `,
    isPrivate: isYes(node.get('private'), true),
    confirm: isYes(node.get('confirm'), false),
    otherwise,
  };
}

function promptsOf(loading: Loading, play: YamlNode): readonly (readonly [VarsPrompt, YamlNode])[] {
  const list = play.get('vars_prompt');
  return (list?.items() ?? []).flatMap((node) => {
    const encrypt = node.get('encrypt');
    if (encrypt && encrypt.value !== null)
      loading.report({
        code: 'not-supported',
        message: "'encrypt' of vars_prompt is not supported",
        at: node.keyAt('encrypt'),
        hint: "hash it where it is used: {{ NAME | password_hash('sha512') }}",
      });
    return node.get('name') ? [[readPrompt(node), node] as const] : [];
  });
}

/**
 * What the questions of plays come to, each asked once for a run, before anything is loaded; who is given on the command
 * line is not asked for. Without somebody to ask, a question comes to its default, or to nothing.
 */
export async function askPrompts(
  loading: Loading,
  plays: readonly YamlNode[],
  given: VariableLayer,
  ask: AskPrompt | undefined,
): Promise<ReadonlyMap<string, YamlNode>> {
  const answers = new Map<string, YamlNode>();
  for (const [prompt, node] of plays.flatMap((play) => promptsOf(loading, play))) {
    const { name, otherwise = '' } = prompt;
    if (answers.has(name) || given.variables.has(name)) continue;
    const why = 'vars_prompt asks a person, and there is none to ask';
    const answer = ask
      ? await ask(prompt, { at: node.at('name'), why, hint: `pass it: -e ${name}=...` })
      : otherwise;
    answers.set(name, new YamlNode(answer, node.at('name')));
  }
  return answers;
}

/** The variables that the questions of a play give. */
export function promptLayer(
  play: YamlNode,
  answers: ReadonlyMap<string, YamlNode>,
  index: number,
): VariableLayer | undefined {
  const names = (play.get('vars_prompt')?.items() ?? []).map((node) => String(node.get('name')?.value));
  const variables = new Map(
    names.flatMap((name) => {
      const answer = answers.get(name);
      return answer ? [[name, answer] as const] : [];
    }),
  );
  return variables.size > 0 ? { origin: `vars_prompt of play ${index}`, variables } : undefined;
}
