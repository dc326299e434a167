import { createInterface } from 'node:readline';
import type { Terminal } from '../../../../cli/terminal.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import type { InitQuestion } from './init-question.ts';

/** Asks on the terminal what is not answered yet, each until the answer will do; undefined when the person stops it. */
export async function askQuestions(
  questions: readonly InitQuestion[],
  given: ReadonlyMap<string, string>,
  { stderr }: Terminal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const answers = new Map(given);
  const lines = createInterface({ input: process.stdin, output: process.stderr, historySize: 0 });
  // What is typed ahead waits in here; Ctrl-C and the end of input both end it.
  const typed = lines[Symbol.asyncIterator]();
  lines.once('SIGINT', () => lines.close());
  try {
    for (const question of questions) {
      while (!answers.has(question.key)) {
        const proposal = question.proposal(answers);
        const shown = proposal === undefined ? '' : ` [${visibleText(proposal)}]`;
        stderr.stream.write(`${stderr.paint('bold', question.text)}\n`);
        lines.setPrompt(`  ${shown.trimStart()}${shown === '' ? '' : ' '}> `);
        lines.prompt();
        const { value: line, done } = await typed.next();
        if (done) {
          stderr.stream.write('\n');
          return undefined;
        }
        const said = line.trim() || (proposal ?? '');
        const complaint = question.complaint(said, answers);
        if (complaint === undefined) answers.set(question.key, said);
        else stderr.stream.write(`  ${stderr.paint('red', visibleText(complaint))}\n`);
      }
    }
    return answers;
  } finally {
    lines.close();
  }
}
