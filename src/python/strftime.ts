/** A point in time as a calendar and a clock show it. */
export interface CalendarTime {
  /** Milliseconds since 1970, were the calendar that of UTC. */
  readonly shown: number;
  readonly microseconds: number;
  /** Name of the zone; empty where there is none. */
  readonly zone: string;
  /** Minutes ahead of UTC; undefined where there is no zone. */
  readonly offset: number | undefined;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Names of the months. */
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayLength = 86_400_000;

/** The time on the clock of this machine, or of UTC. */
export function calendarTime(milliseconds: number, utc: boolean): CalendarTime {
  const whole = Math.floor(milliseconds);
  const offset = utc ? 0 : -new Date(whole).getTimezoneOffset();
  const named = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(whole);
  const local = named.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return {
    shown: whole + offset * 60_000,
    microseconds: Math.floor((milliseconds - Math.floor(milliseconds / 1000) * 1000) * 1000),
    zone: utc ? 'GMT' : local,
    offset,
  };
}

const pad = (value: number, width = 2, fill = '0'): string => String(value).padStart(width, fill);

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayLength) + 1;
}

// The year and the week to which ISO 8601 counts a day.
function isoWeek(date: Date): readonly [number, number] {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayLength);
  return [thursday.getUTCFullYear(), Math.ceil(dayOfYear(thursday) / 7)];
}

function offsetText(offset: number | undefined): string {
  if (offset === undefined) return '';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
}

// Formats that are made of others.
const compound: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

function directive(kind: string, time: CalendarTime): string | undefined {
  const date = new Date(time.shown);
  const [year, hour] = [date.getUTCFullYear(), date.getUTCHours()];
  const month = months[date.getUTCMonth()] ?? '';
  const day = days[date.getUTCDay()] ?? '';
  const yearDay = dayOfYear(date) - 1;
  const simple: Readonly<Record<string, () => string>> = {
    '%': () => '%',
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    B: () => month,
    C: () => pad(Math.floor(year / 100)),
    d: () => pad(date.getUTCDate()),
    e: () => pad(date.getUTCDate(), 2, ' '),
    f: () => pad(time.microseconds, 6),
    g: () => pad(isoWeek(date)[0] % 100),
    G: () => String(isoWeek(date)[0]),
    H: () => pad(hour),
    I: () => pad(hour % 12 || 12),
    j: () => pad(yearDay + 1, 3),
    k: () => pad(hour, 2, ' '),
    l: () => pad(hour % 12 || 12, 2, ' '),
    m: () => pad(date.getUTCMonth() + 1),
    M: () => pad(date.getUTCMinutes()),
    n: () => '\n',
    p: () => (hour < 12 ? 'AM' : 'PM'),
    P: () => (hour < 12 ? 'am' : 'pm'),
    s: () => String(Math.floor((time.shown - localOffset(time)) / 1000)),
    S: () => pad(date.getUTCSeconds()),
    t: () => '\t',
    u: () => String(date.getUTCDay() || 7),
    U: () => pad(Math.floor((yearDay + 7 - date.getUTCDay()) / 7)),
    V: () => pad(isoWeek(date)[1]),
    w: () => String(date.getUTCDay()),
    W: () => pad(Math.floor((yearDay + 7 - ((date.getUTCDay() + 6) % 7)) / 7)),
    y: () => pad(year % 100),
    Y: () => String(year),
    z: () => offsetText(time.offset),
    Z: () => time.zone,
  };
  return Object.hasOwn(simple, kind) ? simple[kind]?.() : undefined;
}

// mktime of the C library reads any calendar as that of this machine.
function localOffset({ shown }: CalendarTime): number {
  const at = new Date(shown);
  const local = new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  );
  return shown - local.getTime();
}

/** Python's `strftime`, in English; `%f`, which only dates have, as dates have it. */
export function strftime(format: string, time: CalendarTime): string {
  return format.replaceAll(/%([-_0^#]?)([A-Za-z%])/g, (whole, flag: string, kind: string) => {
    const parts = Object.hasOwn(compound, kind) ? compound[kind] : undefined;
    const text = parts === undefined ? directive(kind, time) : strftime(parts, time);
    if (text === undefined) return whole;
    if (flag === '^') return text.toUpperCase();
    if (flag === '-') return text.replace(/^[0 ]+(?=\d)/, '');
    return flag === '_' ? text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length)) : text;
  });
}
