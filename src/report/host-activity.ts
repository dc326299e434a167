import type { RunEvent } from '../runner/events.ts';
import { durationText } from './duration-text.ts';
import { shorten } from './fitted-text.ts';
import { byName, counted, hostList } from './host-list.ts';

// Milliseconds after which a host is named, and how many are.
const patience = 3000;
const most = 3;

/** What each host of a run is at, for whoever waits: connecting, or the task that it came to last. */
export class HostActivity {
  readonly #clock: () => number;
  readonly #connecting = new Map<string, number>();
  /** When each host gave its last result. */
  readonly #working = new Map<string, number>();
  #total = 0;
  #connected = 0;

  /** @param clock milliseconds, any origin */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  take(event: RunEvent): void {
    const now = this.#clock();
    switch (event.type) {
      case 'run-start':
        this.#total = event.hosts.length;
        for (const host of event.hosts) this.#connecting.set(host, now);
        return;
      case 'host-connected':
        if (this.#connecting.delete(event.host)) this.#connected++;
        return;
      case 'host-unreachable':
      case 'host-failed':
        this.#connecting.delete(event.host);
        this.#working.delete(event.host);
        return;
      case 'play-start':
        this.#working.clear();
        for (const host of event.hosts) if (!this.#connecting.has(host)) this.#working.set(host, now);
        return;
      case 'task-result':
        this.#working.set(event.host, now);
        return;
      case 'recap':
        this.#working.clear();
        this.#connecting.clear();
        return;
      default:
    }
  }

  /** `connecting: 3 of 5 hosts, waiting for h4, h5 (12.0 s)`; undefined once no host is waited for. */
  #connectingLine(width: number): string | undefined {
    if (this.#connecting.size === 0 || this.#total === 0) return undefined;
    const hosts = [...this.#connecting.keys()].toSorted(byName);
    const since = Math.min(...this.#connecting.values());
    const lead = `connecting: ${this.#connected} of ${counted(this.#total, 'host')}, waiting for `;
    const time = ` (${durationText(Math.floor((this.#clock() - since) / 1000) * 1000)})`;
    return `${lead}${hostList(hosts, Math.max(12, width - lead.length - time.length))}${time}`;
  }

  /** The hosts that have given no result for longest, each with that time: `h3 12.0 s, h1 4.0 s`; undefined where all are quick. */
  #waitingLine(width: number): string | undefined {
    const now = this.#clock();
    const slow = [...this.#working]
      .filter(([, since]) => now - since >= patience)
      .sort(([, one], [, other]) => one - other);
    if (slow.length === 0) return undefined;
    const named = slow
      .slice(0, most)
      .map(([host, since]) => `${host} ${durationText(Math.floor((now - since) / 1000) * 1000)}`);
    const more = slow.length > most ? [`+${slow.length - most}`] : [];
    return shorten(`waiting for ${[...named, ...more].join(', ')}`, width);
  }

  /** What is waited for now, a line for each thing. */
  lines(width: number): readonly string[] {
    return [this.#connectingLine(width), this.#waitingLine(width)].filter((line) => line !== undefined);
  }
}
