import { firstOverlap } from '../planner/overlap.ts';
import type { Question } from '../planner/question.ts';
import type { ScriptOutput } from '../resources/resource.ts';

/** The host's answers to probes, as long as nothing has been changed that they depend on. */
export class Answers {
  readonly #known = new Map<string, { readonly question: Question; readonly output: ScriptOutput }>();

  /** The answer, unless the question is another one by now. */
  get(question: Question): ScriptOutput | undefined {
    const known = this.#known.get(question.key);
    const same = known?.question.script === question.script && known.question.become === question.become;
    return same ? known.output : undefined;
  }

  put(question: Question, output: ScriptOutput): void {
    this.#known.set(question.key, { question, output });
  }

  /** Forgets the answers to questions that must be asked anew. */
  drop(questions: readonly Question[]): void {
    for (const { key } of questions) this.#known.delete(key);
  }

  /** Forgets what a change to these paths makes stale; undefined is everything. */
  forget(paths: readonly string[] | undefined): void {
    for (const [key, { question }] of this.#known) {
      if (!paths || firstOverlap(question.paths, paths) !== undefined) this.#known.delete(key);
    }
  }
}
