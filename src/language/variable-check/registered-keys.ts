import { didYouMean } from '../../errors/did-you-mean.ts';
import type { MemberUse } from '../../jinja/expression/expression-uses.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { Task } from '../model.ts';
import { keysOfAnsible } from './keys-of-ansible.ts';
import type { RegisteredVariables } from './registered-variables.ts';

/** A key that no task gives a variable, and what to say about it. */
export interface UnknownKey {
  readonly message: string;
  readonly why: string;
  readonly hint: string | undefined;
}

interface Keys extends Map<string, Keys> {}

/** What is known of a name whose keys are known. */
interface Known {
  /** The first task that registers it. */
  readonly task: Task;
  readonly all: Keys;
  /** What its resource alone gives. */
  readonly own: Keys;
}

// What any result has, that of a loop, too.
const ofAny = [
  ...[
    'changed',
    'failed',
    'skipped',
    'skip_reason',
    'false_condition',
    'skipped_reason',
    'unreachable',
    'msg',
  ],
  ...['warnings', 'deprecations', 'invocation', 'attempts', 'retries'],
];
// What that of any module may have beside: what a failure or a background job adds.
const ofAnyResult = [
  ...ofAny,
  ...[
    'rc',
    'stdout',
    'stderr',
    'stdout_lines',
    'stderr_lines',
    'module_stdout',
    'module_stderr',
    'exception',
  ],
  ...['ansible_job_id', 'started', 'finished', 'results_file', 'timedout', 'item', 'diff'],
  ...['failed_when_result', 'exit_status', 'secontext', 'attributes'],
];

// Methods of a mapping, named without a call.
const methods = new Set(['get', 'items', 'keys', 'values', 'copy', 'pop', 'update', 'setdefault']);

/** Which keys the variables of `register` have, as far as that is known before a run. */
export class RegisteredKeys {
  readonly #registered: RegisteredVariables;
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #known = new Map<string, Known | undefined>();

  constructor(registered: RegisteredVariables, resources: ReadonlyMap<string, AnyResource>) {
    this.#registered = registered;
    this.#resources = resources;
  }

  /**
   * What is wrong with a key that is read of a name; undefined where it may be there.
   * @param judged the task whose own result the name is: that of one item, if it has a loop
   */
  unknown({ name, path }: MemberUse, judged?: Task): UnknownKey | undefined {
    const known = judged ? this.#read(name, judged) : this.#of(name);
    if (!known || !lacks(known.all, path)) return undefined;
    const { task } = known;
    return {
      message: `'${written(name, path.slice(0, -1))}' has no key '${path.at(-1)}'`,
      why: `it is what ${task.resource} registers in ${task.at.file}:${task.at.line}`,
      hint: this.#elsewhere(task, path) ?? adviceOf(name, path, known.own),
    };
  }

  #of(name: string): Known | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#read(name));
    return this.#known.get(name);
  }

  #read(name: string, judged?: Task): Known | undefined {
    const tasks = judged ? [judged] : this.#registered.setters(name);
    const isKnown = (one: Task) => one.register === name && this.#resources.get(one.resource)?.gives;
    const [task] = tasks;
    if (!task || !tasks.every(isKnown)) return undefined;
    const looped = ({ loop }: Task) => loop !== undefined && !judged;
    const given = tasks.flatMap((one) => this.#given(one));
    const all = tasks.flatMap((one) => {
      const paths = [...ofAnyResult, ...given];
      return looped(one) ? [...ofAny, 'results', ...[...paths, ...ofLoop(one)].map(inResults)] : paths;
    });
    return { task, all: keysOf(all), own: keysOf(tasks.some(looped) ? given.map(inResults) : given) };
  }

  #given({ resource, args }: Task): readonly string[] {
    const { gives = [], givesWith = {} } = this.#resources.get(resource) ?? {};
    // A template may be true.
    const says = (word: string) => args.value instanceof Object && Reflect.get(args.value, word);
    return [...gives, ...Object.entries(givesWith).flatMap(([word, keys]) => (says(word) ? keys : []))];
  }

  // What Ansible's module gives and ours does not is no slip.
  #elsewhere({ resource }: Task, path: readonly string[]): string | undefined {
    const key = (path[0] === 'results' ? path.slice(2) : path).join('.');
    const conditional = Object.entries(this.#resources.get(resource)?.givesWith ?? {});
    const [word] = conditional.find(([, keys]) => keys.includes(key)) ?? [];
    if (word !== undefined) return `write \`${word}: true\` into the task: it is looked at only then`;
    const instead = keysOfAnsible[resource]?.[key];
    return instead && `only Ansible's ${resource} gives it: ${instead}`;
  }
}

function ofLoop({ loopVar, indexVar }: Task): readonly string[] {
  const index = indexVar === undefined ? [] : [indexVar, 'ansible_index_var'];
  return [loopVar, 'ansible_loop_var', 'ansible_loop', ...index];
}

function inResults(path: string): string {
  return `results.*.${path}`;
}

function keysOf(paths: readonly string[]): Keys {
  const keys: Keys = new Map();
  for (const path of paths) {
    let level = keys;
    for (const key of path.split('.')) {
      const below: Keys = level.get(key) ?? new Map();
      level.set(key, below);
      level = below;
    }
  }
  return keys;
}

// What is below a path; undefined where that is not known.
function levelOf(keys: Keys, path: readonly string[]): Keys | undefined {
  return path.reduce<Keys | undefined>((level, key) => level?.get(/^\d+$/.test(key) ? '*' : key), keys);
}

function lacks(keys: Keys, path: readonly string[]): boolean {
  const key = path.at(-1) ?? '*';
  const level = levelOf(keys, path.slice(0, -1));
  if (!level || level.size === 0 || level.has('*') || key === '*' || methods.has(key)) return false;
  return !level.has(key);
}

function adviceOf(name: string, path: readonly string[], own: Keys): string | undefined {
  const key = path.at(-1) ?? '';
  if (own.has('results') && path[0] !== 'results' && !lacks(own, ['results', '*', ...path]))
    return `the task has a loop, each item its own result: write ${written(name, ['results', '0', ...path])}`;
  if (key === 'results') return `the task has no loop: leave '.results' out`;
  const before = path.slice(0, -1);
  const level = levelOf(own, before) ?? new Map<string, Keys>();
  const [deeper] = [...level].find(([, below]) => below.has(key)) ?? [];
  if (deeper !== undefined) return `write ${written(name, [...before, deeper, key])}`;
  const near = didYouMean(key, level.keys());
  return near ?? `it has ${[...level.keys()].toSorted().join(', ')}`;
}

function written(name: string, path: readonly string[]): string {
  return path.reduce((text, key) => (/^(\d+|\*)$/.test(key) ? `${text}[${key}]` : `${text}.${key}`), name);
}
