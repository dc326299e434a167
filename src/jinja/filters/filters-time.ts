import { DateTime } from '../../python/date-time.ts';
import { calendarTime, strftime } from '../../python/strftime.ts';
import { strptime } from '../../python/strptime.ts';
import { TemplateError } from '../values/template-error.ts';
import { textOf, truthy } from '../values/value.ts';
import { type FilterTable, filter, numberArgument, textArgument } from './filters-definition.ts';

function formatted(format: unknown, seconds: unknown, utc: unknown): string {
  const milliseconds =
    seconds === undefined || seconds === null ? Date.now() : numberArgument(seconds, 0) * 1000;
  // Only of a date there are fractions of a second.
  return strftime(textOf(format).replaceAll('%f', '%%f'), calendarTime(milliseconds, truthy(utc ?? false)));
}

function parsed(text: unknown, format: unknown): DateTime {
  try {
    return new DateTime(strptime(textOf(text), textArgument(format, '%Y-%m-%d %H:%M:%S')));
  } catch (error) {
    throw new TemplateError(error instanceof Error ? error.message : String(error));
  }
}

/** The time now, or what a format makes of it. */
export function timeNow(utc: unknown, format: unknown): DateTime | string {
  const milliseconds = Date.now();
  const time = new DateTime(calendarTime(milliseconds, truthy(utc ?? false)).shown * 1000);
  if (format === undefined || format === null) return time;
  return strftime(textOf(format), calendarTime(milliseconds, truthy(utc ?? false)));
}

/** Filters for points in time. */
export const timeFilters: FilterTable = {
  strftime: filter(['second?', 'utc?'], (value, [seconds, utc]) => formatted(value, seconds, utc)),
  to_datetime: filter(['format?'], (value, [format]) => parsed(value, format)),
};
