import { isTemplate } from '../../jinja/template/template.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { AnyResource } from '../../resources/resource.ts';
import { FileCache, TaskFiles } from '../evaluate/task-files.ts';
import type { Playbook, Source } from '../model.ts';
import { displayPath } from '../source/loading/loading.ts';
import { type Visit, withLoop } from './registered-variables.ts';
import type { CheckedText, TextReader } from './text-reader.ts';

/** A text of a task with the names that it sees there beyond those of the host. */
export interface TaskText {
  readonly text: CheckedText;
  readonly locals: ReadonlySet<string>;
}

/** The texts of a task; `guards` are names that its conditions test with `is defined`. */
export interface TextsOfTask {
  readonly texts: readonly TaskText[];
  readonly guards: ReadonlySet<string>;
}

/** Finds all templates and expressions of tasks, those in template files too. */
export class TaskTexts {
  readonly #playbook: Playbook;
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #reader: TextReader;
  readonly #onFile: (file: string, text: string) => void;
  readonly #cache = new FileCache();

  constructor(
    playbook: Playbook,
    resources: ReadonlyMap<string, AnyResource>,
    reader: TextReader,
    onFile: (file: string, text: string) => void,
  ) {
    this.#playbook = playbook;
    this.#resources = resources;
    this.#reader = reader;
    this.#onFile = onFile;
  }

  of(visit: Visit): TextsOfTask {
    const { task, locals } = visit;
    const inLoop = withLoop(task, locals);
    const judged = new Set([...inLoop, ...(task.register === undefined ? [] : [task.register])]);
    const reader = this.#reader;
    const templates = (sources: readonly (Source | undefined)[], seen: ReadonlySet<string>): TaskText[] =>
      sources.flatMap((source) =>
        source ? reader.templates(source).map((text) => ({ text, locals: seen })) : [],
      );
    const conditions = (sources: readonly Source[] | undefined, seen: ReadonlySet<string>): TaskText[] =>
      (sources ?? []).flatMap((source) => reader.expressions(source).map((text) => ({ text, locals: seen })));
    const when = conditions(task.when, inLoop);
    const outer = [task.become, task.becomeUser, task.environment];
    const texts = [
      ...when,
      ...this.#loop(task.loop, locals),
      ...this.#arguments(visit, inLoop),
      ...templates([...outer, visit.play.become, visit.play.becomeUser, visit.play.environment], locals),
      ...templates([task.loopLabel, task.delegateTo], inLoop),
      ...conditions(task.changedWhen, judged),
      ...conditions(task.failedWhen, judged),
      ...conditions(task.until, judged),
      ...conditions(task.ignoreErrors ? [task.ignoreErrors] : [], judged),
    ];
    const named = task.name === undefined ? [] : reader.templates({ value: task.name, at: () => task.at });
    if (task.when.length === 0) for (const { text } of texts) this.#lookedUp(text, task.searchPath);
    const guards = new Set(when.flatMap(({ text }) => [...text.uses.guarded]));
    return { texts: [...texts, ...named.map((text) => ({ text, locals: inLoop }))], guards };
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

  #loop(loop: Source | undefined, locals: ReadonlySet<string>): readonly TaskText[] {
    if (!loop) return [];
    const bare = typeof loop.value === 'string' && !isTemplate(loop.value);
    const texts = bare ? this.#reader.expressions(loop) : this.#reader.templates(loop);
    return texts.map((text) => ({ text, locals }));
  }

  #arguments({ task }: Visit, locals: ReadonlySet<string>): readonly TaskText[] {
    if (task.resource === 'meta') return [];
    const resource = this.#resources.get(task.resource);
    const { value } = task.args;
    const expressions =
      resource?.kind === 'control' && isMapping(value)
        ? [...(resource.conditions ?? []), ...(resource.expressions ?? [])].filter((key) =>
            Object.hasOwn(value, key),
          )
        : [];
    return [
      ...this.#reader.templates(task.args, expressions),
      ...expressions.flatMap((key) => this.#reader.expressions(task.args, [key])),
      ...this.#templateFile(task.args, task.searchPath, resource),
    ].map((text) => ({ text, locals }));
  }

  #templateFile(
    args: Source,
    searchPath: readonly string[],
    resource: AnyResource | undefined,
  ): readonly CheckedText[] {
    const source = resource?.kind === 'host' ? resource.source : undefined;
    if (!source?.render || !isMapping(args.value)) return [];
    const name = args.value[source.argument];
    const elsewhere = source.unless === undefined ? undefined : args.value[source.unless];
    if (typeof name !== 'string' || isTemplate(name) || (elsewhere !== undefined && elsewhere !== false))
      return [];
    const files = new TaskFiles(this.#cache, searchPath, this.#playbook.directory);
    return this.#file(files, name, source.folder, new Set(), new Set());
  }

  // A file that is not there is the loader's to report; what a file includes is reported here.
  #file(
    files: TaskFiles,
    name: string,
    folder: string,
    locals: ReadonlySet<string>,
    open: ReadonlySet<string>,
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
    const text = this.#reader.file(displayPath(path), content, locals);
    if (!text) return [];
    const included = text.uses.includes.flatMap((include) => {
      const found = this.#file(files, include.name, folder, include.locals, new Set([...open, path]));
      const missing = found.length === 0 && !include.optional && !files.exists(include.name, folder);
      if (missing) {
        const message = `there is no template '${include.name}' to include`;
        const hint = `it is looked for in the folder ${folder}/, and beside the playbook`;
        this.#reader.problems.push({ code: 'missing-file', message, at: text.locate(include), hint });
      }
      return found;
    });
    return [text, ...included];
  }
}
