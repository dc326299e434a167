import type { RunEvent } from '../runner/events.ts';
import { explanationText, type HostExplanation } from './explanation-text.ts';
import { failureText } from './failure-text.ts';
import { wrapWords } from './fitted-text.ts';
import { interruptionText } from './interruption-text.ts';
import type { Style } from './paint.ts';
import type { Output, Screen } from './screen.ts';

/** Reports on stderr what goes wrong, at once, and explains hosts that did not come through again at the end. */
export class FailureReport {
  readonly #screen: Screen;
  readonly #output: Output;
  readonly #explanations = new Map<string, HostExplanation>();
  /** The last failed task of each host, for the explanation at the end. */
  readonly #failedTask = new Map<string, string>();

  constructor(screen: Screen, stderr: Output) {
    this.#screen = screen;
    this.#output = stderr;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'task-result':
        if (event.status !== 'failed') break;
        if (!event.ignored) this.#failedTask.set(event.host, event.name);
        this.#screen.progress([failureText(event, this.#output.paint, this.#output.width)]);
        break;
      case 'host-unreachable': {
        const { host, message, hint } = event;
        this.#explanations.set(host, { host, kind: 'unreachable', message, ...(hint && { hint }) });
        this.#print('unreachable', 'red', `${host}: ${message}`);
        break;
      }
      case 'host-failed': {
        const { host, message, problem } = event;
        const task = this.#failedTask.get(host);
        // A host that fails outside a task is reported now; what a task did wrong has been reported.
        if (task === undefined) this.#print('failed', 'red', `${host}: ${message}`);
        this.#explanations.set(host, {
          host,
          kind: 'failed',
          message,
          ...(task && { task }),
          ...(problem && { problem }),
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
        this.#explainAll();
        break;
      default:
    }
  }

  #print(word: string, style: Style, text: string): void {
    const [first, ...rest] = wrapWords(`${word}: ${text}`, this.#output.width - 4);
    const lead = this.#output.paint(style, `${word}:`);
    this.#screen.progress([
      lead + (first ?? '').slice(word.length + 1),
      ...rest.map((line) => `    ${line}`),
    ]);
  }

  #explainAll(): void {
    if (this.#explanations.size === 0) return;
    const { paint, width } = this.#output;
    this.#screen.progress(['', explanationText([...this.#explanations.values()], paint, width)]);
  }
}
