import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Json } from '../resource.ts';

const second = 1_000_000;
const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');

/** When a command began and ended, and how long it took, as Ansible writes it; null for one that was not run. */
export function runTimes({ ran }: Pick<ScriptOutput, 'ran'>): { readonly [key: string]: Json } {
  if (!ran) return { start: null, end: null, delta: null };
  const { began, lasted } = ran;
  return { start: dateTime(began), end: dateTime(began + lasted), delta: duration(lasted) };
}

// Of milliseconds since 1970, in the time zone of the control node.
function dateTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const micro = Math.floor(milliseconds * 1000) % second;
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part)).join(':');
  return `${day} ${time}.${pad(micro, 6)}`;
}

// As Python prints a difference of times.
function duration(milliseconds: number): string {
  const micro = Math.max(0, Math.round(milliseconds * 1000));
  const seconds = Math.floor(micro / second);
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, pad(Math.floor(seconds / 60) % 60), pad(seconds % 60)];
  const before = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
  return `${before}${clock.join(':')}.${pad(micro % second, 6)}`;
}
