import type { Position, Problem } from '../../errors/problem.ts';
import { type Mention, type Uses, usesOfExpression } from '../../jinja/expression/expression-uses.ts';
import { lookupNamed } from '../../jinja/expression/functions.ts';
import { filterNamed, testNamed } from '../../jinja/filters/filters.ts';
import { expressionOf, templateOfFile, templateOfValue } from '../../jinja/template/template.ts';
import { settingsOf } from '../../jinja/template/template-settings.ts';
import { usesOfTemplate } from '../../jinja/template/template-uses.ts';
import { type Span, TemplateError } from '../../jinja/values/template-error.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import { conditionExpression } from '../evaluate/condition.ts';
import { placeInFile, placeInSource } from '../evaluate/text-place.ts';
import type { Playbook, Source } from '../model.ts';

type Path = readonly (string | number)[];

/** What a text of the playbook, or a template file, refers to, and where its parts stand. */
export interface CheckedText {
  readonly uses: Uses;
  readonly locate: (span: Span) => Position;
  /** Filters, tests and lookups in it that exist elsewhere and not here: a mistake where it is surely evaluated. */
  readonly foreign: readonly Problem[];
}

/** Parses texts, each once, and collects what is wrong with them by themselves. */
export class TextReader {
  readonly problems: Problem[] = [];
  readonly #sources: ReadonlyMap<string, string>;
  readonly #filters: Playbook['filters'];
  readonly #onMention: (name: string) => void;
  readonly #read = new WeakMap<Source, Map<string, readonly CheckedText[]>>();

  /** @param onMention is given each name that a text takes from outside */
  constructor({ sources, filters }: Playbook, onMention: (name: string) => void) {
    this.#sources = sources;
    this.#filters = filters;
    this.#onMention = onMention;
  }

  /** All templates in a YAML value. */
  templates(source: Source, but: readonly string[] = []): readonly CheckedText[] {
    return this.#once(source, `templates but ${but.join()}`, () => {
      const { value } = source;
      if (!isMapping(value)) return this.#walk(source, value, []);
      return Object.entries(value).flatMap(([key, part]) =>
        but.includes(key) ? [] : [...this.#walk(source, key, [key]), ...this.#walk(source, part, [key])],
      );
    });
  }

  /** Conditions or expressions: each text is one. */
  expressions(source: Source, path: Path = []): readonly CheckedText[] {
    return this.#once(source, `expressions ${path.join()}`, () => {
      const part = path.reduce<unknown>(
        (value, key) => (isMapping(value) ? value[String(key)] : undefined),
        source.value,
      );
      const texts = Array.isArray(part)
        ? part.map((text, index) => [text, [...path, index]] as const)
        : [[part, path] as const];
      return texts.flatMap(([text, place]) => {
        if (typeof text !== 'string') return [];
        const locate = (span: Span) => placeInSource(source, place, text, span, this.#sources);
        return this.#parsed(locate, () => usesOfExpression(expressionOf(conditionExpression(text))));
      });
    });
  }

  /**
   * A template file; nothing when its syntax is broken.
   * @param args of the task: how the file is to be read may be among them
   */
  file(
    name: string,
    text: string,
    locals?: ReadonlySet<string>,
    args: unknown = {},
  ): CheckedText | undefined {
    const locate = (span: Span) => placeInFile(name, text, span);
    return this.#parsed(locate, () => usesOfTemplate(templateOfFile(text, settingsOf(args)), locals))[0];
  }

  #once(source: Source, key: string, read: () => readonly CheckedText[]): readonly CheckedText[] {
    const known = this.#read.get(source) ?? new Map<string, readonly CheckedText[]>();
    this.#read.set(source, known);
    const texts = known.get(key) ?? read();
    known.set(key, texts);
    return texts;
  }

  #walk(source: Source, value: unknown, path: Path): readonly CheckedText[] {
    if (Array.isArray(value))
      return value.flatMap((item, index) => this.#walk(source, item, [...path, index]));
    if (isMapping(value)) {
      return Object.entries(value).flatMap(([key, item]) => [
        ...this.#walk(source, key, [...path, key]),
        ...this.#walk(source, item, [...path, key]),
      ]);
    }
    if (typeof value !== 'string' || !isTemplate(value)) return [];
    const locate = (span: Span) => placeInSource(source, path, value, span, this.#sources);
    return this.#parsed(locate, () => usesOfTemplate(templateOfValue(value)));
  }

  #parsed(locate: (span: Span) => Position, parse: () => Uses): readonly CheckedText[] {
    try {
      const uses = parse();
      for (const { name } of [...uses.names, ...uses.variables]) this.#onMention(name);
      const foreign = [
        ...this.#check(
          uses.filters.filter(({ name }) => !this.#filters.has(name)),
          filterNamed,
          locate,
        ),
        ...this.#check(uses.tests, testNamed, locate),
        ...this.#check(uses.lookups, lookupNamed, locate),
      ];
      return [{ uses, locate, foreign }];
    } catch (error) {
      this.#report(error, { at: 0, end: 1 }, locate);
      return [];
    }
  }

  // Gives those that are no slips; the others are mistakes wherever they stand.
  #check(
    mentions: readonly Mention[],
    find: (name: string) => unknown,
    locate: (span: Span) => Position,
  ): readonly Problem[] {
    return mentions.flatMap((mention): readonly Problem[] => {
      try {
        find(mention.name);
        return [];
      } catch (error) {
        const isForeign =
          error instanceof TemplateError && (error.code === 'not-supported' || mention.name.includes('.'));
        if (isForeign) return [error.problem(locate(error.span ?? mention))];
        this.#report(error, mention, locate);
        return [];
      }
    });
  }

  #report(error: unknown, span: Span, locate: (span: Span) => Position): void {
    if (!(error instanceof TemplateError)) throw error;
    this.problems.push(error.problem(locate(error.span ?? span)));
  }
}
