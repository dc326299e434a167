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

  constructor(screen: Screen, stderr: Output) {
    this.#screen = screen;
    this.#output = stderr;
  }

  take(event: RunEvent): void {
    if (event.type === 'warning') this.#warning(event.message, event.host);
  }

  /** Prints once more what hosts were warned of: above the recap, where it is not scrolled away. */
  repeat(): void {
    if (this.#hosts.size > 0) this.#screen.progress(['']);
    for (const [message, hosts] of this.#hosts) {
      this.#print(`${hostList([...hosts].toSorted(byName), this.#output.width / 2)}: ${message}`);
    }
  }

  #warning(message: string, host: string | undefined): void {
    const known = host === undefined ? undefined : this.#hosts.get(message);
    if (!known) this.#print(host === undefined ? message : `${host}: ${message}`);
    if (host !== undefined) this.#hosts.set(message, (known ?? new Set()).add(host));
  }

  #print(text: string): void {
    const [first = '', ...rest] = wrapWords(`warning: ${text}`, this.#output.width - 4);
    const lead = this.#output.paint('yellow', 'warning:');
    this.#screen.progress([lead + first.slice('warning:'.length), ...rest.map((line) => `    ${line}`)]);
  }
}
