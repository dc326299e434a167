import { type Layers, layersOf } from '../evaluate/scope-layers.ts';
import type { Play, Playbook, Role, Source, Task, VariableLayer } from '../model.ts';

/** What all tasks of one play, role and list of variables see on its hosts: much is found out once for all of them. */
export class TaskView {
  readonly #layers = new Map<string, Layers>();
  readonly #settled = new Map<string, Set<string>>();
  readonly #verdicts = new Map<string, unknown>();
  readonly #numbers = new Map<Source, number>();

  /** The variables that a task sees on a host. */
  layers(playbook: Playbook, host: string, play: Play, task: Task): Layers {
    const known = this.#layers.get(host) ?? layersOf(playbook.inventory.hosts.get(host), play, task);
    this.#layers.set(host, known);
    return known;
  }

  /** What conditions come to on a host when these names are there locally. */
  verdict<Verdict>(
    host: string,
    local: readonly string[],
    when: readonly Source[],
    judge: () => Verdict,
  ): Verdict {
    const key = [host, ...local, ...when.map((condition) => this.#number(condition))].join(' ');
    if (!this.#verdicts.has(key)) this.#verdicts.set(key, judge());
    return this.#verdicts.get(key) as Verdict;
  }

  /**
   * Names that have been followed through all their definitions on these hosts and found whole: they need not be
   * followed again, since what is registered once stays so for every later task.
   */
  settled(hosts: readonly string[]): Set<string> {
    const key = hosts.join(' ');
    const names = this.#settled.get(key) ?? new Set();
    this.#settled.set(key, names);
    return names;
  }

  #number(condition: Source): number {
    const number = this.#numbers.get(condition) ?? this.#numbers.size;
    this.#numbers.set(condition, number);
    return number;
  }
}

/** The views of a playbook, one play's at a time. */
export class TaskViews {
  #play: Play | undefined;
  #known = new Map<Role | undefined, Map<readonly VariableLayer[], TaskView>>();
  #views = new Map<string, TaskView>();
  readonly #numbers = new Map<VariableLayer, number>();

  of(play: Play, task: Task): TaskView {
    if (play !== this.#play) {
      this.#play = play;
      this.#known = new Map();
      this.#views = new Map();
    }
    const { role, vars } = task;
    const known = this.#known.get(role) ?? new Map<readonly VariableLayer[], TaskView>();
    this.#known.set(role, known);
    const key = () => `${role?.directory} ${this.#layers(play, task)}`;
    const view = known.get(vars) ?? this.#equal(key());
    known.set(vars, view);
    return view;
  }

  // A role that a play uses several times brings the same variables each time.
  #equal(key: string): TaskView {
    const view = this.#views.get(key) ?? new TaskView();
    this.#views.set(key, view);
    return view;
  }

  #layers(play: Play, task: Task): string {
    return Object.values(layersOf(undefined, play, task))
      .map((layers: readonly VariableLayer[]) => {
        const full = layers.filter(({ variables }) => variables.size > 0);
        return [...new Set(full.map((layer) => this.#number(layer)))].join(' ');
      })
      .join('/');
  }

  #number(layer: VariableLayer): number {
    const number = this.#numbers.get(layer) ?? this.#numbers.size;
    this.#numbers.set(layer, number);
    return number;
  }
}
