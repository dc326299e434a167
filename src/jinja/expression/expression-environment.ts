import type { MoreFilters } from '../filters/filters-definition.ts';
import type { Mapping } from '../values/value.ts';

/** What an expression can reach beyond itself. */
export interface ExpressionEnvironment {
  /** The value of a free name; undefined when there is none. May throw to stop the evaluation. */
  find(name: string): unknown;
  /** Names that could have been meant. */
  names(): Iterable<string>;
  /** What to do about a name that is not there, if more than names() can say. */
  advice?(name: string): string | undefined;
  /** Hears of each key, item or attribute that an expression takes of something. */
  took?(of: unknown, key: string, value: unknown): void;
  /** The text of a file of the control node. Throws TemplateError when it is not there. */
  file?(name: string): string;
  /** Where a file of the control node is that a task would find by this name; undefined when there is none. */
  locate?(name: string): string | undefined;
  /** What a template file of the control node gives, with more variables, and with settings as its task may have them. */
  render?(name: string, variables: Mapping, settings: Mapping): string;
  /** The content of a file that only its owner may read; `make` gives it from what is there, and what is new is written. */
  secret?(name: string, make: (known: string | undefined) => string): string;
  /** What a command prints that runs on the control node. */
  command?(command: string): string;
  /** Files of the control node that fit a pattern. */
  glob?(pattern: string): readonly string[];
  /** Filters beside those of Jinja2 and Ansible. */
  readonly filters?: MoreFilters;
}
