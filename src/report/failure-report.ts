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

  constructor(screen: Screen, stderr: Output) {
    this.#screen = screen;
    this.#output = stderr;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'task-result':
        if (event.status !== 'failed') break;
        if (!event.ignored) this.#remember(event);
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
          ...{ host, kind: 'failed', message, results },
          ...(problem && { problem }),
          ...(hint !== undefined && { hint }),
        });
        break;
      }
      case 'rolled-back':
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
    this.#screen.progress(['', explanationText([...this.#explanations.values()], paint, width)]);
    this.#explanations.clear();
  }

  #remember(result: TaskResult): void {
    const known = this.#failedTask.get(result.host) ?? [];
    const same = known.filter(({ play, task }) => play === result.play && task === result.task);
    this.#failedTask.set(result.host, [...same, result]);
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
