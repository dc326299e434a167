import type { Position, Problem } from '../../../errors/problem.ts';
import { isOctal, plainValue } from '../../../jinja/values/yaml-scalar.ts';

/** The problem of an unquoted number that does not survive being read: `0644`, or more digits than a number holds. */
export function numberProblem(raw: string, at: Position): Problem | undefined {
  if (isOctal(raw)) {
    return {
      code: 'unquoted-octal',
      message: `${raw} must be quoted: YAML reads it as the number ${plainValue(raw)}`,
      at,
      why: 'a leading zero means octal: an identifier would become another number; only a key that ends in mode takes it as written',
      hint: `write '${raw}'`,
    };
  }
  if (!/^[-+]?[1-9][0-9]*$/.test(raw) || Number.isSafeInteger(Number(raw))) return undefined;
  return {
    code: 'large-number',
    message: `${raw} is too large for a number`,
    at,
    why: 'its last digits would change',
    hint: `write '${raw}'`,
  };
}
