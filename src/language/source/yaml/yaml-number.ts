import type { Position, Problem } from '../../../errors/problem.ts';

/** The problem of an unquoted number that does not survive being read: `0644`, or more digits than a number holds. */
export function numberProblem(raw: string, at: Position): Problem | undefined {
  if (/^[-+]?0[0-9]+$/.test(raw)) {
    return {
      code: 'unquoted-octal',
      message: `${raw} must be quoted: YAML reads it as the number ${Number(raw)}`,
      at,
      why: 'a leading zero once meant octal and no longer does: a mode would end up wrong, an identifier lose its zero',
      hint: `write '${raw}'`,
    };
  }
  if (!/^[-+]?[0-9]+$/.test(raw) || Number.isSafeInteger(Number(raw))) return undefined;
  return {
    code: 'large-number',
    message: `${raw} is too large for a number`,
    at,
    why: 'its last digits would change',
    hint: `write '${raw}'`,
  };
}
