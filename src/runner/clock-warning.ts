import { clockDifference } from '../resources/facts/clock-difference.ts';

const tolerated = 5 * 60_000;

/**
 * What to say of a host's clock that is more than five minutes off; undefined when it may be right.
 * @param asked and @param answered: by this machine's clock; the host read its own between them
 */
export function clockWarning(host: Date, asked: Date, answered: Date): string | undefined {
  const here = host < asked ? asked : host > answered ? answered : host;
  if (Math.abs(host.getTime() - here.getTime()) <= tolerated) return undefined;
  return `the host's clock is ${clockDifference(host, here)} this machine's: certificates are judged by it there; set it (timedatectl set-ntp true)`;
}
