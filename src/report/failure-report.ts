import type { Problem } from '../errors/problem.ts';
import type { RunEvent, TaskResult } from '../runner/events.ts';
import { explanationText, type HostExplanation } from './explanation-text.ts';
import { failureLine } from './failure-text.ts';
import { wrapWords } from './fitted-text.ts';
import { interruptionText } from './interruption-text.ts';
import type { Style } from './paint.ts';
import type { Output, Screen } from './screen.ts';

/** Shows on stderr at once that something goes wrong, and explains it once, at the end. */
export class FailureReport {
  readonly #screen: Screen;
  readonly #output: Output;
  readonly #explanations = new Map<string, HostExplanation>();
  /** What failed of the last failed task of each host, for the explanation at the end. */
  readonly #failedTask = new Map<string, readonly TaskResult[]>();
  readonly #planShows: boolean;
  readonly #putBack = new Set<string>();
  #planning = false;

  /** @param planShows a plan says on stdout what would fail, and why */
  constructor(screen: Screen, stderr: Output, planShows = false) {
    this.#screen = screen;
    this.#output = stderr;
    this.#planShows = planShows;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        this.#planning = event.check;
        break;
      case 'task-result':
        if (event.status !== 'failed') break;
        // What is tried once more, after files were put back, and fails alike is no other failure.
        if (!event.ignored && !this.#remember(event)) break;
        if (this.#planning && this.#planShows) break;
        this.#screen.progress([failureLine(event, this.#output.paint, this.#output.width)]);
        break;
      case 'host-unreachable': {
        const { host, message, hint, code } = event;
        this.#explanations.set(host, {
          ...{ host, kind: 'unreachable', message, results: [] },
          ...(hint !== undefined && { hint }),
          ...(code !== undefined && { code }),
        });
        this.#screen.progress([`${this.#output.paint('red', 'unreachable:')} ${host}`]);
        break;
      }
      case 'host-failed': {
        const { host, problem } = event;
        const [message, hint] = withoutAdvice(event.message, problem);
        const results = this.#failedTask.get(host) ?? [];
        if (results.length === 0) this.#screen.progress([`${this.#output.paint('red', 'failed:')} ${host}`]);
        this.#explanations.set(host, {
          ...{ host, kind: 'failed', message, results, planning: this.#planning },
          ...(this.#planning && this.#planShows && { shown: true }),
          ...(problem && { problem }),
          ...(hint !== undefined && { hint }),
        });
        break;
      }
      case 'rolled-back':
        this.#putBack.add(event.host);
        this.#print('put back', 'yellow', [`${event.host}: ${event.message}`, ...event.files].join('\n'));
        break;
      case 'interrupted':
        this.#print('interrupted', 'yellow', interruptionText(event));
        break;
      case 'recap':
        this.end();
        break;
      default:
    }
  }

  /** Explains what has not been explained yet: a run that broke off has no recap. */
  end(): void {
    if (this.#explanations.size === 0) return;
    const { paint, width } = this.#output;
    const all = [...this.#explanations.values()].map((one) =>
      this.#putBack.has(one.host) ? { ...one, putBack: true } : one,
    );
    this.#screen.progress(['', explanationText(all, paint, width)]);
    this.#explanations.clear();
  }

  // False where the same was said already.
  #remember(result: TaskResult): boolean {
    const known = this.#failedTask.get(result.host) ?? [];
    const same = known.filter(({ play, task }) => play === result.play && task === result.task);
    if (same.some(({ item, message }) => item === result.item && message === result.message)) return false;
    this.#failedTask.set(result.host, [...same, result]);
    return true;
  }

  #print(word: string, style: Style, text: string): void {
    const [first, ...rest] = wrapWords(`${word}: ${text}`, this.#output.width - 4);
    const lead = this.#output.paint(style, `${word}:`);
    this.#screen.progress([
      lead + (first ?? '').slice(word.length + 1),
      ...rest.map((line) => `    ${line}`),
    ]);
  }
}

// Advice stands behind the message on lines of its own.
function withoutAdvice(text: string, problem: Problem | undefined): readonly [string, string | undefined] {
  const lead = `${problem?.message}\n`;
  return problem && text.startsWith(lead) ? [problem.message, text.slice(lead.length)] : [text, undefined];
}
