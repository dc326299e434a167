import { type Asked, askedBy, askedId, askedOnce } from '../planner/asked.ts';
import { KnownLinks } from '../planner/known-links.ts';
import { pathSet } from '../planner/path-index.ts';
import type { Given } from '../planner/probe-sections.ts';
import type { Answered, Question } from '../planner/question.ts';
import { ProbeError } from '../probes/probe-error.ts';

/** The host's answers, as long as nothing has been changed that they depend on. */
export class Answers {
  /** What the host's links are; a change may make one stale, which costs a look too many. */
  readonly links = new KnownLinks();
  readonly #known = new Map<string, { readonly paths: readonly string[]; readonly given: Given }>();

  /** The answers to all that a task asks; undefined when one of them is not known. */
  get({ asks, become, timeout }: Pick<Question, 'asks' | 'become' | 'timeout'>): Answered | undefined {
    const values: unknown[] = [];
    for (const ask of asks) {
      const given = this.#known.get(askedId(ask, become, timeout))?.given;
      if (given === undefined) return undefined;
      if ('refused' in given) return given;
      values.push(given.value);
    }
    return { values };
  }

  put({ id, paths, kind, question }: Asked, given: Given): void {
    this.#known.set(id, { paths, given });
    const value = 'refused' in given ? undefined : given.value;
    const link =
      value === undefined || value instanceof ProbeError ? undefined : kind.link?.(question, value);
    if (link) this.links.learn(link.path, link.points);
  }

  /** What must be asked to answer these questions, each once. */
  unknown(questions: Iterable<Question>): readonly Asked[] {
    return askedOnce(questions).filter(({ id }) => !this.#known.has(id));
  }

  /** Forgets the answers to questions that must be asked anew. */
  drop(questions: readonly Question[]): void {
    for (const { id } of questions.flatMap(askedBy)) this.#known.delete(id);
  }

  /** Forgets what a change to these paths makes stale; undefined is everything. */
  forget(paths: readonly string[] | undefined): void {
    if (!paths) {
      this.#known.clear();
      return;
    }
    const altered = pathSet(this.links.alike(paths));
    for (const [id, known] of this.#known)
      if (altered.overlapping(this.links.alike(known.paths))) this.#known.delete(id);
  }
}
