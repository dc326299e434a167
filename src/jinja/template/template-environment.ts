import type { Position } from '../../errors/problem.ts';
import type { ExpressionEnvironment } from '../expression/expression-environment.ts';
import type { Span } from '../values/template-error.ts';
import type { Body } from './template-tree.ts';

/** A template that an include brought in. */
export interface IncludedTemplate {
  readonly body: Body;
  /** Turns a mistake's span into its place in that file. */
  locate(span: Span): Position;
}

/** What a template can reach beyond itself: what its expressions can, and other templates. */
export interface TemplateEnvironment extends ExpressionEnvironment {
  /** The template that `include` names; undefined when it is not there. */
  include?(name: string): IncludedTemplate | undefined;
}
