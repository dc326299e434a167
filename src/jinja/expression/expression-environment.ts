/** What an expression can reach beyond itself. */
export interface ExpressionEnvironment {
  /** The value of a free name; undefined when there is none. May throw to stop the evaluation. */
  find(name: string): unknown;
  /** Names that could have been meant. */
  names(): Iterable<string>;
  /** What to do about a name that is not there, if more than names() can say. */
  advice?(name: string): string | undefined;
  /** The text of a file of the control node. Throws TemplateError when it is not there. */
  file?(name: string): string;
}
