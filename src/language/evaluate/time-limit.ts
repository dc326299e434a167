import { TemplateError } from '../../jinja/values/template-error.ts';
import { textOf } from '../../jinja/values/value.ts';
import type { Source, Task } from '../model.ts';
import type { Scope } from './scope.ts';

/** How often `until` is tried again, and how many seconds lie between two tries. */
export interface Tries {
  readonly retries: number;
  readonly delay: number;
}

/** What `retries` and `delay` of a task are. Throws TemplateError for anything but numbers. */
export function triesOf({ retries, delay }: Pick<Task, 'retries' | 'delay'>, scope: Scope): Tries {
  return {
    retries: retries === undefined ? 3 : numberOf('retries', retries, scope, /^\d{1,9}$/),
    delay: delay === undefined ? 5 : numberOf('delay', delay, scope, /^\d{1,9}(\.\d+)?$/),
  };
}

function numberOf(word: string, source: Source, scope: Scope, form: RegExp): number {
  const value = scope.value(source);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (form.test(text)) return Number(text);
  const error = new TemplateError(`${word} must be a number, not ${textOf(value)}`, undefined, {
    code: 'wrong-type',
    hint: `write a number that is not negative`,
  });
  error.place = source.at();
  throw error;
}

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
