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

// Whole seconds. Throws TemplateError for anything else.
function secondsOf(word: string, source: Source, scope: Scope): number {
  const value = scope.value(source);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (/^\d{1,7}$/.test(text)) return Number(text);
  const message = `${word} must be a whole number of seconds, not ${textOf(value)}`;
  const error = new TemplateError(message, undefined, {
    code: 'wrong-type',
    hint: 'write seconds, 0 for no limit',
  });
  error.place = source.at();
  throw error;
}

/** How long a task may take, and whether it is waited for. */
export interface TimeLimits {
  /** Seconds that each item may take on its host; undefined is no limit. */
  readonly timeout: number | undefined;
  /** Seconds after which an item is ended that nobody waits for. */
  readonly background: number | undefined;
}

/** What `timeout`, `async` and `poll` of a task are. Throws TemplateError for anything but whole numbers. */
export function limitsOf(task: Pick<Task, 'timeout' | 'async' | 'poll'>, scope: Scope): TimeLimits {
  const timeout = (task.timeout && secondsOf('timeout', task.timeout, scope)) || undefined;
  const most = (task.async && secondsOf('async', task.async, scope)) || undefined;
  const waits = !task.poll || secondsOf('poll', task.poll, scope) > 0;
  if (most === undefined || !waits) return { timeout, background: most };
  return { timeout: Math.min(most, timeout ?? most), background: undefined };
}
