import type { DomainStep, FileStep, TransferStep } from '../resources/step.ts';
import { stepScript } from '../resources/step-script.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { writeControlFile } from './control-file.ts';
import { type ActingHost, changeHeld, type HeldTime } from './held-change.ts';
import { rebootHost } from './host-reboot.ts';
import type { HostOutput, HostSection } from './host-section.ts';
import type { ProgramStyle } from './host-session.ts';
import { isLarge, writeLargeFile } from './large-file.ts';
import { fileSection, filesSection, itemKey, type QueuedItem, scriptSection } from './queue-program.ts';
import type { RunContext } from './run-context.ts';
import { failureText, scriptOutput } from './section-text.ts';
import { transfer } from './transfer.ts';

/** A section that has not been sent; with `files` it writes them together. */
interface Waiting {
  readonly section: HostSection;
  readonly files: readonly QueuedItem[];
}

/**
 * Makes the steps of a queue in order, in as few programs as they allow: scripts wait and travel together, until a step
 * needs the control node or other hosts, for then all before it must have been made.
 */
export class StepSender {
  readonly #context: RunContext;
  readonly #acting: ActingHost;
  readonly #style: ProgramStyle;
  readonly #outputs = new Map<string, ScriptOutput[]>();
  readonly #covered = new Map<string, string>();
  readonly #times = new Map<string, HeldTime>();
  #waiting: Waiting[];
  #batches = 0;
  #failed = false;
  #barred: string | undefined;

  /** @param before sections that run before the first step */
  constructor(context: RunContext, acting: ActingHost, style: ProgramStyle, before: readonly HostSection[]) {
    this.#context = context;
    this.#acting = acting;
    this.#style = style;
    this.#waiting = before.map((section) => ({ section, files: [] }));
  }

  /** True once a step has failed that ends all behind it. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Why no step was made: what comes before the first one failed. Undefined when it did not. */
  get barred(): string | undefined {
    return this.#barred;
  }

  /** What the steps of an item printed, in order; empty when a failure before it kept them from running. */
  outputs(n: number, item: number): readonly ScriptOutput[] {
    const key = itemKey(n, item);
    return this.#outputs.get(this.#covered.get(key) ?? key) ?? [];
  }

  /** For how long other hosts were held for an item; undefined when none was. */
  held(n: number, item: number): HeldTime | undefined {
    return this.#times.get(itemKey(n, item));
  }

  /** Lets several files wait that can be written together. */
  files(items: readonly QueuedItem[]): void {
    this.#waiting.push({ section: filesSection(items, this.#batches++), files: items });
  }

  /** Makes the steps of one item, or lets its scripts wait for what comes behind it. */
  async item(queued: QueuedItem): Promise<void> {
    const { n, item, covers } = queued;
    for (const covered of covers) this.#covered.set(itemKey(n, covered), itemKey(n, item));
    let scripts: string[] = [];
    const wait = () => {
      if (scripts.length > 0) this.#waiting.push({ section: scriptSection(queued, scripts), files: [] });
      scripts = [];
    };
    for (const step of queued.steps) {
      if (step.kind === 'script' || (step.kind === 'file' && !isLarge(step))) {
        scripts.push(stepScript(step));
        continue;
      }
      // The item's own scripts must have been made; those of others may still wait for a step of a domain.
      const needed = scripts.length > 0 || ['held', 'reboot', 'transfer', 'file'].includes(step.kind);
      wait();
      if (needed) await this.send([]);
      if (this.#failed || this.#itemFailed(queued)) return;
      if (step.kind === 'control-file') this.#keep(queued, writeControlFile(step));
      else if (step.kind === 'reboot')
        this.#keep(
          queued,
          await rebootHost(this.#context.request, this.#acting.session, step, queued.run.ready.become),
        );
      else if (step.kind === 'transfer' || step.kind === 'file')
        this.#keep(queued, await this.#streamed(queued, step));
      else if (step.kind === 'held') {
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
    while (!this.#failed && this.#waiting.length + more.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      const sections = [...waiting.map(({ section }) => section), ...more];
      const printed = await this.#acting.session.run(sections, { ...this.#style, answersRefusal: true });
      if (!this.#settled(waiting, printed)) continue;
      for (const { section } of waiting) printed.delete(section.id);
      return printed;
    }
    return new Map();
  }

  // Notes what the steps printed. Files that could not be written together wait again, each for itself, with all behind them.
  #settled(waiting: readonly Waiting[], printed: ReadonlyMap<string, HostOutput>): boolean {
    for (const [index, { section, files }] of waiting.entries()) {
      const output = printed.get(section.id);
      if (files.length > 0 && output && output.code !== 0) {
        const alone = files.map((file) => ({ section: fileSection(file), files: [] }));
        this.#waiting = [...alone, ...waiting.slice(index + 1)];
        return false;
      }
      const key = section.id.startsWith('s.') ? section.id.slice('s.'.length) : undefined;
      if (output && key !== undefined) this.#add(key, scriptOutput(output));
      if (output) for (const { n, item } of files) this.#add(itemKey(n, item), scriptOutput(output));
      if (!section.stopOnFailure || output?.code === 0) continue;
      this.#failed = true;
      if (output && key === undefined && files.length === 0) this.#barred = failureText(scriptOutput(output));
    }
    return true;
  }

  async #streamed({ run }: QueuedItem, step: TransferStep | FileStep): Promise<ScriptOutput> {
    const { become, timeout, environment } = run.ready;
    const { request } = this.#context;
    const { session } = this.#acting;
    if (step.kind === 'transfer')
      return await transfer(request, session, { ...step, environment }, { become, timeout, readOnly: false });
    const { prelude = '' } = this.#style;
    return await writeLargeFile(request, session, step, { become, timeout, prelude });
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
