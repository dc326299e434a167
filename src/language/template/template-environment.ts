import type { Position } from '../../errors/problem.ts';
import type { Span } from './template-error.ts';
import type { Body } from './template-tree.ts';

/** A template that an include brought in. */
export interface IncludedTemplate {
  readonly body: Body;
  /** Turns a mistake's span into its place in that file. */
  locate(span: Span): Position;
}

/** What a template can reach beyond itself. */
export interface TemplateEnvironment {
  /** The value of a free name; undefined when there is none. May throw to stop the evaluation. */
  find(name: string): unknown;
  /** Names that could have been meant. */
  names(): Iterable<string>;
  /** What to do about a name that is not there, if more than names() can say. */
  advice?(name: string): string | undefined;
  /** The template that `include` names; undefined when it is not there. */
  include?(name: string): IncludedTemplate | undefined;
  /** The text of a file of the control node. Throws TemplateError when it is not there. */
  file?(name: string): string;
}
