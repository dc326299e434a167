import type { HostRecap, RunEvent } from '../runner/events.ts';

/** Makes the events of all shards of a run those of one run: each play begins once, each task, and there is one recap. */
export class EventMerge {
  readonly #emit: (event: RunEvent) => void;
  readonly #hosts: readonly string[];
  /** Events that wait for a play to begin on all shards. */
  readonly #waiting: RunEvent[][];
  /** The play that each shard has begun last, and its hosts of it. */
  readonly #begun: (
    | { readonly play: number; readonly name: string; readonly hosts: readonly string[] }
    | undefined
  )[];
  readonly #recaps: (Extract<RunEvent, { type: 'recap' }> | undefined)[];
  readonly #interrupted: Extract<RunEvent, { type: 'interrupted' }>[] = [];
  readonly #said = new Set<string>();
  #started = false;
  #play = 0;
  #changed = false;

  constructor(
    hosts: readonly string[],
    shards: readonly (readonly string[])[],
    emit: (event: RunEvent) => void,
  ) {
    this.#hosts = hosts;
    this.#emit = emit;
    this.#waiting = shards.map(() => []);
    this.#begun = shards.map(() => undefined);
    this.#recaps = shards.map(() => undefined);
  }

  /** Something was changed, or would be. */
  get changed(): boolean {
    return this.#changed;
  }

  take(shard: number, event: RunEvent): void {
    this.#waiting[shard]?.push(event);
    this.#flow();
  }

  /** Emits the end of the run; hosts of a shard that never ended count as unreachable. */
  end(duration: number): Extract<RunEvent, { type: 'recap' }> {
    for (const events of this.#waiting) for (const event of events.splice(0)) this.#pass(event);
    const recaps = this.#recaps.flatMap((recap) => (recap ? Object.entries(recap.hosts) : []));
    const known = new Map<string, HostRecap>(recaps);
    const codes = this.#recaps.map((recap) => recap?.exitCode ?? 4);
    const code = [130, 124, 4, 2, 1].find((one) => codes.includes(one)) ?? 0;
    const [first] = this.#interrupted;
    if (first) this.#emit({ ...first, hosts: this.#interrupted.flatMap(({ hosts }) => hosts) });
    const hosts = Object.fromEntries(this.#hosts.map((host) => [host, known.get(host) ?? lost]));
    const recap = { type: 'recap', hosts, duration, exitCode: code } as const;
    this.#emit(recap);
    return recap;
  }

  #flow(): void {
    for (let again = true; again; ) {
      again = false;
      for (const [shard, events] of this.#waiting.entries()) {
        const [event] = events;
        if (!event || this.#waits(shard)) continue;
        events.shift();
        this.#step(shard, event);
        again = true;
      }
    }
  }

  // What comes behind the beginning of a play waits until that has begun everywhere.
  #waits(shard: number): boolean {
    return (this.#begun[shard]?.play ?? 0) > this.#play;
  }

  #step(shard: number, event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        if (!this.#started) this.#emit({ ...event, hosts: this.#hosts });
        this.#started = true;
        return;
      case 'play-start':
        // A shard that was taken over begins its play again.
        if (event.play > this.#play) this.#begun[shard] = event;
        this.#beginPlay();
        return;
      case 'recap':
        this.#recaps[shard] = event;
        // A shard that has ended early begins no more plays.
        this.#beginPlay();
        return;
      case 'interrupted':
        this.#interrupted.push(event);
        return;
      case 'task-start': {
        if (!this.#first(`task ${event.play} ${event.task}`)) return;
        const others = this.#begun.reduce(
          (sum, one, at) => sum + (at === shard ? 0 : (one?.hosts.length ?? 0)),
          0,
        );
        this.#emit({ ...event, hosts: event.hosts + others });
        return;
      }
      case 'warning':
        if (event.host === undefined && !this.#first(`warning ${event.message}`)) return;
        this.#emit(event);
        return;
      default:
        this.#pass(event);
    }
  }

  #pass(event: RunEvent): void {
    if (event.type === 'task-result' && event.status === 'changed') this.#changed = true;
    if (event.type !== 'recap' && event.type !== 'play-start' && event.type !== 'run-start')
      this.#emit(event);
  }

  #beginPlay(): void {
    const there = this.#begun.filter((one) => one !== undefined && one.play > this.#play);
    const ready = this.#begun.every(
      (one, at) => (one?.play ?? 0) > this.#play || this.#recaps[at] !== undefined,
    );
    const [first] = there;
    if (!ready || !first) return;
    this.#play = first.play;
    const hosts = new Set(there.flatMap((one) => one?.hosts ?? []));
    this.#emit({
      type: 'play-start',
      play: first.play,
      name: first.name,
      hosts: this.#hosts.filter((host) => hosts.has(host)),
    });
  }

  #first(key: string): boolean {
    if (this.#said.has(key)) return false;
    this.#said.add(key);
    return true;
  }
}

/** The recap of a host on which nothing was done. */
export const nothing: HostRecap = {
  ...{ ok: 0, changed: 0, skipped: 0, failed: 0, unknown: 0 },
  ...{ unreachable: false, rescued: 0, ignored: 0, duration: 0, connections: 0, execs: 0, verifyExecs: 0 },
};

const lost: HostRecap = { ...nothing, unreachable: true };
