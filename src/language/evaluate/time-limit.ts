import { TemplateError } from '../../jinja/values/template-error.ts';
import { textOf } from '../../jinja/values/value.ts';
import type { Source } from '../model.ts';
import type { Scope } from './scope.ts';

/** Seconds of a `timeout`; undefined when it is 0. Throws TemplateError for anything but a whole number. */
export function timeoutOf(source: Source, scope: Scope): number | undefined {
  const value = scope.value(source);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (/^\d{1,7}$/.test(text)) return Number(text) || undefined;
  const error = new TemplateError(
    `timeout must be a whole number of seconds, not ${textOf(value)}`,
    undefined,
    {
      code: 'wrong-type',
      hint: 'write seconds, 0 for no limit',
    },
  );
  error.place = source.at();
  throw error;
}
