import type { DomainStep } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type ActingHost, changeHeld, type HeldTime } from './holding.ts';
import type { HostOutput, HostSection, ProgramStyle } from './host-session.ts';
import { itemKey, type QueuedItem, scriptSection } from './queue-program.ts';
import type { RunContext } from './run-context.ts';
import { scriptOutput } from './script-output.ts';

/**
 * Makes the steps of a queue in order, in as few programs as they allow: scripts wait and travel together, until a step
 * needs the control node or other hosts, for then all before it must have been made.
 */
export class StepSender {
  readonly #context: RunContext;
  readonly #acting: ActingHost;
  readonly #style: ProgramStyle;
  readonly #outputs = new Map<string, ScriptOutput[]>();
  readonly #times = new Map<string, HeldTime>();
  #waiting: HostSection[];
  #failed = false;

  /** @param before sections that run before the first step */
  constructor(context: RunContext, acting: ActingHost, style: ProgramStyle, before: readonly HostSection[]) {
    this.#context = context;
    this.#acting = acting;
    this.#style = style;
    this.#waiting = [...before];
  }

  /** True once a step has failed that ends all behind it. */
  get failed(): boolean {
    return this.#failed;
  }

  /** What the steps of an item printed, in order; empty when a failure before it kept them from running. */
  outputs(n: number, item: number): readonly ScriptOutput[] {
    return this.#outputs.get(itemKey(n, item)) ?? [];
  }

  /** For how long other hosts were held for an item; undefined when none was. */
  held(n: number, item: number): HeldTime | undefined {
    return this.#times.get(itemKey(n, item));
  }

  /** Makes the steps of one item, or lets its scripts wait for what comes behind it. */
  async item(queued: QueuedItem): Promise<void> {
    let scripts: string[] = [];
    const wait = () => {
      if (scripts.length > 0) this.#waiting.push(scriptSection(queued, scripts));
      scripts = [];
    };
    for (const step of queued.steps) {
      if (step.kind === 'script') {
        scripts.push(step.script);
        continue;
      }
      // The item's own scripts must have been made; those of others may still wait for a step of a domain.
      const needed = scripts.length > 0 || step.kind === 'held';
      wait();
      if (needed) await this.send([]);
      if (this.#failed || this.#itemFailed(queued)) return;
      if (step.kind === 'held') {
        const change = scriptSection(queued, [step.script]);
        const { instance, ready } = queued.run;
        const part = { held: step, change, name: ready.name, hidden: instance.task.noLog };
        const { output, time } = await changeHeld(this.#context, this.#acting, part, this.#style);
        this.#keep(queued, output);
        if (time) this.#times.set(itemKey(queued.n, queued.item), time);
      } else {
        const made = await this.#executed(queued, step);
        if (this.#failed || this.#itemFailed(queued)) return;
        if ('script' in made) scripts.push(made.script);
        else this.#keep(queued, made);
      }
      if (this.#failed || this.#itemFailed(queued)) return;
    }
    wait();
  }

  /** Sends what waits, and further sections behind it; gives what those printed that are no steps. */
  async send(more: readonly HostSection[]): Promise<ReadonlyMap<string, HostOutput>> {
    const sections = [...this.#waiting, ...more];
    const waiting = new Set(this.#waiting.map(({ id }) => id));
    this.#waiting = [];
    if (this.#failed || sections.length === 0) return new Map();
    const printed = await this.#acting.session.run(sections, { ...this.#style, answersRefusal: true });
    for (const { id, stopOnFailure } of sections) {
      if (!waiting.has(id)) continue;
      const output = printed.get(id);
      if (output && id.startsWith('s.')) this.#add(id.slice('s.'.length), scriptOutput(output));
      if (stopOnFailure && output?.code !== 0) this.#failed = true;
    }
    return new Map([...printed].filter(([id]) => !waiting.has(id)));
  }

  async #executed(queued: QueuedItem, step: DomainStep) {
    const executor = this.#context.executors.get(step.kind);
    if (!executor) throw new Error(`no domain of this run makes steps of the kind ${step.kind}`);
    return await executor.run(step, {
      // What waits is made first, in the same program.
      run: async (text) => {
        const section = { ...scriptSection(queued, [text]), id: 'r' };
        return scriptOutput((await this.send([section])).get(section.id));
      },
    });
  }

  #itemFailed({ n, item }: QueuedItem): boolean {
    return this.outputs(n, item).some(({ code }) => code !== 0);
  }

  #keep({ n, item, stopOnFailure }: QueuedItem, output: ScriptOutput): void {
    this.#add(itemKey(n, item), output);
    if (stopOnFailure && output.code !== 0) this.#failed = true;
  }

  #add(key: string, output: ScriptOutput): void {
    this.#outputs.set(key, [...(this.#outputs.get(key) ?? []), output]);
  }
}
