import { backdated } from './issue-terms.ts';

const minute = 60_000;
const tolerated = 5 * minute;

/** How far apart two clocks are: `3 h 20 min behind`, `2 d 4 h ahead of`. */
export function skewText(host: Date, here: Date): string {
  const minutes = Math.round(Math.abs(host.getTime() - here.getTime()) / minute);
  const units = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const told = units.filter(([count]) => count > 0).slice(0, 2);
  const span = told.map(([count, unit]) => `${count} ${unit}`).join(' ') || 'less than a minute';
  return `${span} ${host < here ? 'behind' : 'ahead of'}`;
}

/**
 * Why a certificate that is made here and now would be of no use by the host's clock: not valid yet, or due already.
 * @param lasts days from its making until it is to be renewed
 */
export function issuingFault(host: Date, here: Date, lasts: number): readonly string[] {
  const ahead = host.getTime() - here.getTime();
  if (-ahead <= backdated && ahead < lasts * 1440 * minute) return [];
  const effect = ahead < 0 ? 'not be valid there yet' : 'be due for renewal at once';
  return [
    `the host's clock is ${skewText(host, here)} this machine's (there ${host.toISOString()}, here ${here.toISOString()}): a certificate issued now would ${effect}; set the clock that is wrong (timedatectl set-ntp true), then run again`,
  ];
}

/**
 * What to say of a host's clock that is more than five minutes off; undefined when it may be right.
 * @param asked and @param answered: by this machine's clock; the host told its time between them
 */
export function skewWarning(host: Date, asked: Date, answered: Date): string | undefined {
  const here = host < asked ? asked : host > answered ? answered : host;
  if (Math.abs(host.getTime() - here.getTime()) <= tolerated) return undefined;
  return `the host's clock is ${skewText(host, here)} this machine's: certificates are judged by it there; set it (timedatectl set-ntp true)`;
}
