import { clockDifference } from '../../../resources/facts/clock-difference.ts';
import { backdated } from './issue-terms.ts';

const minute = 60_000;

/**
 * Why a certificate that is made here and now would be of no use by the host's clock: not valid yet, or due already.
 * @param lasts days from its making until it is to be renewed
 */
export function issuingFault(host: Date, here: Date, lasts: number): readonly string[] {
  const ahead = host.getTime() - here.getTime();
  if (-ahead <= backdated && ahead < lasts * 1440 * minute) return [];
  const effect = ahead < 0 ? 'not be valid there yet' : 'be due for renewal at once';
  return [
    `the host's clock is ${clockDifference(host, here)} this machine's (there ${host.toISOString()}, here ${here.toISOString()}): a certificate issued now would ${effect}; set the clock that is wrong (timedatectl set-ntp true), then run again`,
  ];
}
