import { TemplateError } from '../../jinja/values/template-error.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { AnyResource } from '../../resources/resource.ts';
import { FileCache } from '../evaluate/file-cache.ts';
import { checksIn } from '../evaluate/judged-check.ts';
import { TaskFiles } from '../evaluate/task-files.ts';
import type { Play, Playbook, Source, Task } from '../model.ts';
import { displayPath } from '../source/loading/loading.ts';
import { type Visit, withLoop } from './registered-variables.ts';
import type { CheckedText, TextReader } from './text-reader.ts';

/** A text of a task with the names that it sees there beyond those of the host. */
interface TaskText {
  readonly text: CheckedText;
  readonly locals: ReadonlySet<string>;
}

/** The texts of a task; `guards` are names that its conditions test with `is defined`. */
export interface TextsOfTask {
  readonly texts: readonly TaskText[];
  readonly guards: ReadonlySet<string>;
}

/** Names that a text sees beside those of the host: those around the task, its loop's too, its result's too. */
type Scope = 'outside' | 'item' | 'result';

interface Reading {
  readonly as: 'templates' | 'expressions' | 'arguments';
  readonly sees: Scope;
}

/** The fields that are evaluated on a host: who adds one to the model must say here how it is read. */
type Readings<Model> = Readonly<{
  [Field in keyof Model as Model[Field] extends Source | readonly Source[] | undefined
    ? Field
    : never]-?: Reading;
}>;

const ofTask: Readings<Task> = {
  when: { as: 'expressions', sees: 'item' },
  loop: { as: 'templates', sees: 'outside' },
  args: { as: 'arguments', sees: 'item' },
  become: { as: 'templates', sees: 'outside' },
  becomeUser: { as: 'templates', sees: 'outside' },
  becomeMethod: { as: 'templates', sees: 'outside' },
  environment: { as: 'templates', sees: 'outside' },
  loopLabel: { as: 'templates', sees: 'item' },
  delegateTo: { as: 'templates', sees: 'item' },
  notify: { as: 'templates', sees: 'item' },
  changedWhen: { as: 'expressions', sees: 'result' },
  failedWhen: { as: 'expressions', sees: 'result' },
  until: { as: 'expressions', sees: 'result' },
  ignoreErrors: { as: 'expressions', sees: 'result' },
  async: { as: 'templates', sees: 'outside' },
  poll: { as: 'templates', sees: 'outside' },
  timeout: { as: 'templates', sees: 'outside' },
  runOnceText: { as: 'templates', sees: 'outside' },
  checkModeText: { as: 'templates', sees: 'outside' },
  noDiffText: { as: 'templates', sees: 'item' },
  noLogText: { as: 'templates', sees: 'item' },
  retries: { as: 'templates', sees: 'outside' },
  delay: { as: 'templates', sees: 'outside' },
};

const ofPlay: Readings<Play> = {
  become: { as: 'templates', sees: 'outside' },
  becomeUser: { as: 'templates', sees: 'outside' },
  becomeMethod: { as: 'templates', sees: 'outside' },
  environment: { as: 'templates', sees: 'outside' },
};

type Fields<Model> = readonly (readonly [keyof Model, Reading])[];

const taskFields = Object.entries(ofTask) as unknown as Fields<Task>;
const playFields = Object.entries(ofPlay) as unknown as Fields<Play>;

function sourcesIn<Model extends object>(model: Model, fields: Fields<Model>): [Source, Reading][] {
  const found: [Source, Reading][] = [];
  for (const [field, reading] of fields) {
    const value = model[field] as Source | readonly Source[] | undefined;
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const source of value) found.push([source, reading]);
    else found.push([value as Source, reading]);
  }
  return found;
}

/** Finds all templates and expressions of tasks, those in template files too. */
export class TaskTexts {
  readonly #playbook: Playbook;
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #reader: TextReader;
  readonly #onFile: (file: string, text: string) => void;
  readonly #cache: FileCache;

  constructor(
    playbook: Playbook,
    resources: ReadonlyMap<string, AnyResource>,
    reader: TextReader,
    onFile: (file: string, text: string) => void,
  ) {
    this.#playbook = playbook;
    this.#cache = new FileCache(playbook.vault);
    this.#resources = resources;
    this.#reader = reader;
    this.#onFile = onFile;
  }

  of(visit: Visit): TextsOfTask {
    const { task, play, locals } = visit;
    const inLoop = withLoop(task, locals);
    const seen: Readonly<Record<Scope, ReadonlySet<string>>> = {
      outside: locals,
      item: inLoop,
      result: new Set([...inLoop, ...(task.register === undefined ? [] : [task.register])]),
    };
    const read = (source: Source, { as, sees }: Reading): readonly TaskText[] =>
      this.#read(as, source, visit).map((text) => ({ text, locals: seen[sees] }));
    const when = task.when.flatMap((source) => read(source, ofTask.when));
    const texts = [
      ...sourcesIn(task, taskFields).flatMap(([source, reading]) => read(source, reading)),
      ...sourcesIn(play, playFields).flatMap(([source, reading]) => read(source, reading)),
    ];
    const name = { value: task.name, at: () => task.at };
    if (task.when.length === 0) for (const { text } of texts) this.#lookedUp(text, task.searchPath);
    const guards = new Set(when.flatMap(({ text }) => [...text.uses.guarded]));
    return { texts: [...texts, ...read(name, { as: 'templates', sees: 'item' })], guards };
  }

  #read(as: Reading['as'], source: Source, visit: Visit): readonly CheckedText[] {
    switch (as) {
      case 'templates':
        return this.#reader.templates(source);
      case 'expressions':
        return this.#reader.expressions(source);
      case 'arguments':
        return this.#arguments(visit);
    }
  }

  // Under a condition a file may be missing where it is not needed.
  #lookedUp({ uses, locate }: CheckedText, searchPath: readonly string[]): void {
    const files = new TaskFiles(this.#cache, searchPath, this.#playbook.directory);
    for (const file of uses.files) {
      if (file.conditional) continue;
      try {
        files.path(file.name, 'files');
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        this.#reader.problems.push(error.problem(locate(file)));
      }
    }
  }

  #arguments({ task }: Visit): readonly CheckedText[] {
    if (task.resource === 'meta') return [];
    const resource = this.#resources.get(task.resource);
    const { value } = task.args;
    const expressions =
      resource?.kind === 'control' && isMapping(value)
        ? [...(resource.conditions ?? []), ...(resource.expressions ?? [])].filter((key) =>
            Object.hasOwn(value, key),
          )
        : [];
    const checks = resource?.kind === 'control' ? resource.checks : undefined;
    if (checks !== undefined) return this.#checks(task.args, checks);
    const texts = this.#reader.templates(task.args, expressions);
    // What they need is there when they are used, or it is no mistake.
    if (task.lateValues) return [];
    return [
      ...texts,
      ...expressions.flatMap((key) => this.#reader.expressions(task.args, [key])),
      ...this.#templateFile(task.args, task.searchPath, resource),
    ];
  }

  #checks(args: Source, key: string): readonly CheckedText[] {
    const conditions = ['when', 'refuse', 'warn'];
    return checksIn(args, key).flatMap((check) => [
      ...conditions.flatMap((part) => this.#reader.expressions(check, [part])),
      ...this.#reader.templates(check, conditions),
    ]);
  }

  #templateFile(
    args: Source,
    searchPath: readonly string[],
    resource: AnyResource | undefined,
  ): readonly CheckedText[] {
    const source = resource?.kind === 'host' ? resource.source : undefined;
    if (!source?.render || !isMapping(args.value)) return [];
    const name = args.value[source.argument];
    if (typeof name !== 'string' || isTemplate(name)) return [];
    const files = new TaskFiles(this.#cache, searchPath, this.#playbook.directory);
    return this.#file(files, name, source.folder, new Set(), new Set(), args.value);
  }

  // A file that is not there is the loader's to report; what a file includes is reported here.
  #file(
    files: TaskFiles,
    name: string,
    folder: string,
    locals: ReadonlySet<string>,
    open: ReadonlySet<string>,
    args: unknown = {},
  ): readonly CheckedText[] {
    let path: string;
    let content: string;
    try {
      path = files.path(name, folder);
      content = this.#cache.read(path).toString('utf8');
    } catch (error) {
      if (error instanceof TemplateError) return [];
      throw error;
    }
    if (open.has(path)) return [];
    this.#onFile(displayPath(path), content);
    const text = this.#reader.file(displayPath(path), content, locals, args);
    if (!text) return [];
    const included = text.uses.includes.flatMap((include) => {
      const found = this.#file(files, include.name, folder, include.locals, new Set([...open, path]));
      const missing = found.length === 0 && !include.optional && !files.exists(include.name, folder);
      if (missing) {
        const message = `there is no template '${include.name}' to ${include.word}`;
        const hint = `it is looked for in the folder ${folder}/, and beside the playbook`;
        this.#reader.problems.push({ code: 'missing-file', message, at: text.locate(include), hint });
      }
      return found;
    });
    return [text, ...included];
  }
}
