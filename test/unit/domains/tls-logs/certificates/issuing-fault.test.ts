import { describe, expect, it } from 'vitest';
import { issuingFault } from '../../../../../src/domains/tls-logs/certificates/issuing-fault.ts';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

describe('a certificate that is issued to a host whose clock is off', () => {
  it.each([
    [0, undefined],
    [-3600, undefined],
    [-3601, 'not be valid there yet'],
    [29 * 86_400, undefined],
    [30 * 86_400, 'be due for renewal at once'],
  ])('by %i s, for a certificate that is renewed after 30 days: %s', (seconds, effect) => {
    const faults = issuingFault(at(seconds), at(0), 30);
    expect(faults).toHaveLength(effect ? 1 : 0);
    if (effect) expect(faults[0]).toContain(`a certificate issued now would ${effect}; set the clock`);
  });
});
