import type { X509Certificate } from 'node:crypto';
import { clockDifference } from '../../../resources/facts/clock-difference.ts';
import type { Reason } from './reason.ts';

/** What time it is where the certificate will be judged, and on this machine. */
export interface Clocks {
  readonly host: Date;
  readonly here: Date;
}

const day = 86_400_000;

function date(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function isValid({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now < validToDate;
}

/** Why a certificate is not valid now; told apart from clocks that disagree about it. */
export function validity(
  certificate: X509Certificate,
  whose: string,
  { host, here }: Clocks,
  renew: string,
): Reason[] {
  const { validFromDate: from, validToDate: to } = certificate;
  const valid = isValid(certificate, host);
  if (valid !== isValid(certificate, here)) {
    const [yes, no] = valid ? ['the host', 'this machine'] : ['this machine', 'the host'];
    const clocks = `the host's clock is ${clockDifference(host, here)} this machine's (there ${host.toISOString()}, here ${here.toISOString()})`;
    const message = `${whose} is valid from ${from.toISOString()} to ${to.toISOString()}: now for ${yes}, but not for ${no}; ${clocks}`;
    const fix = 'set the clock that is wrong (timedatectl set-ntp true), then run again';
    return [{ code: 'clock-skew', message, fix }];
  }
  if (to <= host) {
    const days = Math.floor((host.getTime() - to.getTime()) / day);
    return [
      {
        code: 'expired',
        message: `${whose} expired on ${date(to)} (${days === 1 ? '1 day' : `${days} days`} ago)`,
        fix: renew,
      },
    ];
  }
  if (from <= host) return [];
  const message = `${whose} is not valid before ${from.toISOString()}`;
  return [{ code: 'not-yet-valid', message, fix: `check the host's clock: it says ${host.toISOString()}` }];
}
