import { type CalendarTime, strftime } from './strftime.ts';
import { floatOf, type WholeFloat } from './whole-float.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const second = 1_000_000;
const day = 86_400 * second;

/** Python's `datetime` without a zone. */
export class DateTime {
  /** Microseconds since 1970, were the time that of UTC. */
  readonly microseconds: number;

  constructor(microseconds: number) {
    this.microseconds = microseconds;
  }

  /** What a template can take of it, methods as functions. */
  part(name: string): number | ((format: string) => string | number | WholeFloat) | undefined {
    const date = new Date(Math.floor(this.microseconds / 1000));
    const parts: Readonly<Record<string, ReturnType<DateTime['part']>>> = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: this.#fraction,
      strftime: (format) => strftime(format, this.#calendar),
      isoformat: () => this.#text('T'),
      weekday: () => (date.getUTCDay() + 6) % 7,
      isoweekday: () => date.getUTCDay() || 7,
      timestamp: () => this.#timestamp(date),
    };
    return Object.hasOwn(parts, name) ? parts[name] : undefined;
  }

  toString(): string {
    return this.#text(' ');
  }

  toJSON(): string {
    return this.#text('T');
  }

  get #fraction(): number {
    return this.microseconds - Math.floor(this.microseconds / second) * second;
  }

  get #calendar(): CalendarTime {
    const shown = Math.floor(this.microseconds / 1000);
    return { shown, microseconds: this.#fraction, zone: '', offset: undefined };
  }

  #text(between: string): string {
    const whole = strftime(`%Y-%m-%d${between}%H:%M:%S`, this.#calendar);
    return this.#fraction === 0 ? whole : `${whole}.${pad(this.#fraction, 6)}`;
  }

  // Python takes what has no zone for the time of this machine.
  #timestamp(date: Date): number | WholeFloat {
    const local = new Date(
      date.getUTCFullYear(),
      date.getUTCMonth(),
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    );
    return floatOf(local.getTime() / 1000 + this.#fraction / second);
  }
}

/** Python's `timedelta`. */
export class TimeDelta {
  readonly microseconds: number;

  constructor(microseconds: number) {
    this.microseconds = microseconds;
  }

  /** What a template can take of it. */
  part(name: string): number | (() => number | WholeFloat) | undefined {
    const parts: Readonly<Record<string, ReturnType<TimeDelta['part']>>> = {
      days: this.#days,
      seconds: Math.floor(this.#rest / second),
      microseconds: this.#rest % second,
      total_seconds: () => floatOf(this.microseconds / second),
    };
    return Object.hasOwn(parts, name) ? parts[name] : undefined;
  }

  toString(): string {
    const seconds = Math.floor(this.#rest / second);
    const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
    const fraction = this.#rest % second;
    const days = this.#days === 0 ? '' : `${this.#days} day${Math.abs(this.#days) === 1 ? '' : 's'}, `;
    return `${days}${clock}${fraction === 0 ? '' : `.${pad(fraction, 6)}`}`;
  }

  get #days(): number {
    return Math.floor(this.microseconds / day);
  }

  get #rest(): number {
    return this.microseconds - this.#days * day;
  }
}

/** The difference of two times, or a time so much later or earlier; undefined where the values are no such pair. */
export function timeArithmetic(operator: string, left: unknown, right: unknown): unknown {
  const isSum = operator === '+';
  if (operator !== '-' && !isSum) return undefined;
  if (left instanceof DateTime && right instanceof DateTime)
    return isSum ? undefined : new TimeDelta(left.microseconds - right.microseconds);
  if (right instanceof TimeDelta && (left instanceof DateTime || left instanceof TimeDelta)) {
    const microseconds = left.microseconds + (isSum ? 1 : -1) * right.microseconds;
    return left instanceof DateTime ? new DateTime(microseconds) : new TimeDelta(microseconds);
  }
  return undefined;
}
