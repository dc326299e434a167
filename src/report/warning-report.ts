import type { RunEvent } from '../runner/events.ts';
import { wrapWords } from './fitted-text.ts';
import { byName, hostList } from './host-list.ts';
import type { Output, Screen } from './screen.ts';

/** Prints warnings on stderr: at once, what several hosts share once, and those of hosts again above the recap. */
export class WarningReport {
  readonly #screen: Screen;
  readonly #output: Output;
  /** Hosts by what they are warned of. */
  readonly #hosts = new Map<string, Set<string>>();
  readonly #planShows: boolean;
  #holds = false;

  /** @param planShows a plan is shown in one piece: what hosts are warned of stands above it, once */
  constructor(screen: Screen, stderr: Output, planShows = false) {
    this.#screen = screen;
    this.#output = stderr;
    this.#planShows = planShows;
  }

  take(event: RunEvent): void {
    if (event.type === 'run-start') this.#holds = event.check && this.#planShows;
    if (event.type === 'warning') this.#warning(event.message, event.host);
  }

  /** Prints once more what hosts were warned of: above the recap, where it is not scrolled away. */
  repeat(): void {
    if (this.#hosts.size > 0 && !this.#holds) this.#screen.progress(['']);
    this.#holds = false;
    for (const [message, hosts] of this.#hosts) {
      this.#print(`${hostList([...hosts].toSorted(byName), this.#output.width / 2)}: ${message}`);
    }
  }

  /** Prints what has been held back: a run that broke off has no recap. */
  end(): void {
    if (this.#holds) this.repeat();
  }

  #warning(message: string, host: string | undefined): void {
    const known = host === undefined ? undefined : this.#hosts.get(message);
    if (!known && (host === undefined || !this.#holds))
      this.#print(host === undefined ? message : `${host}: ${message}`);
    if (host !== undefined) this.#hosts.set(message, (known ?? new Set()).add(host));
  }

  #print(text: string): void {
    const [first = '', ...rest] = wrapWords(`warning: ${text}`, this.#output.width - 4);
    const lead = this.#output.paint('yellow', 'warning:');
    this.#screen.progress([lead + first.slice('warning:'.length), ...rest.map((line) => `    ${line}`)]);
  }
}
