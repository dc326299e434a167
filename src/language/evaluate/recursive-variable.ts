import type { Position } from '../../errors/problem.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';

/** A variable whose value needs itself; `circle` are the names on the way, the first one again at the end. */
export function circleError(
  name: string,
  circle: readonly string[],
  at: Position | undefined,
): TemplateError {
  const error = new TemplateError(
    `the variable '${name}' is defined by itself: ${circle.join(' -> ')}`,
    undefined,
    { code: 'recursive-variable', hint: 'give one of them another name' },
  );
  error.place = at;
  return error;
}
