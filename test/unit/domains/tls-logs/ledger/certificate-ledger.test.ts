import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstFingerprint } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import {
  certificateLedger,
  type LedgerRow,
} from '../../../../../src/domains/tls-logs/ledger/certificate-ledger.ts';
import { remedyOf } from '../../../../../src/domains/tls-logs/ledger/certificate-remedy.ts';
import type { SeenCertificate } from '../../../../../src/domains/tls-logs/ledger/certificate-stages.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const pems = { ca: '', old: '', next: '' };
let began = 0;

beforeAll(() => {
  made.root('ca', 'basicConstraints=critical,CA:true');
  for (const name of ['old', 'next']) made.issue(name, 'ca', `subjectAltName=DNS:${name}.lab,DNS:logs.lab`);
  for (const name of ['ca', 'old', 'next'] as const) pems[name] = made.pem(name);
  began = Date.now();
});
afterAll(() => made.remove());

type Short = readonly [SeenCertificate['stage'], 'old' | 'next' | 'none' | { readonly trouble: string }];

function seen(...shorts: readonly Short[]): readonly SeenCertificate[] {
  return shorts.map(([stage, what]) => {
    const place = { host: 'h1', place: '/tls/own', stage };
    if (typeof what !== 'string') return { ...place, ...what };
    return what === 'none' ? place : { ...place, chain: pems[what] };
  });
}

/** Days from the making of the certificates, which are valid for 90. */
function judged(all: readonly SeenCertificate[], days = 1, warnDays?: number): LedgerRow {
  const now = new Date(began + days * 86_400_000);
  const [row] = certificateLedger(all, [], { now, ...(warnDays !== undefined && { warnDays }) });
  if (!row) throw new Error('no row');
  return row;
}

const codes = ({ due }: LedgerRow) => due.map(({ code }) => code);

describe('certificateLedger', () => {
  it.each<{
    readonly what: string;
    readonly stages: readonly Short[];
    readonly days?: number;
    readonly warn?: number;
    readonly equal?: boolean;
    readonly due?: readonly string[];
  }>([
    {
      what: 'all the same',
      stages: [
        ['issued', 'old'],
        ['deployed', 'old'],
        ['served', 'old'],
      ],
    },
    {
      what: 'a stage nobody looked at',
      stages: [
        ['issued', 'old'],
        ['deployed', 'old'],
      ],
    },
    { what: 'deployed alone', stages: [['deployed', 'old']] },
    {
      what: 'a missed deployment',
      stages: [
        ['issued', 'next'],
        ['deployed', 'old'],
        ['served', 'old'],
      ],
      equal: false,
      due: ['differs'],
    },
    {
      what: 'a missed restart',
      stages: [
        ['issued', 'next'],
        ['deployed', 'next'],
        ['served', 'old'],
      ],
      equal: false,
      due: ['differs'],
    },
    {
      what: 'both missed',
      stages: [
        ['issued', 'next'],
        ['deployed', 'old'],
        ['served', 'next'],
      ],
      equal: false,
      due: ['differs', 'differs'],
    },
    {
      what: 'served without deployed',
      stages: [
        ['issued', 'next'],
        ['served', 'old'],
      ],
      equal: false,
      due: ['differs'],
    },
    {
      what: 'two ports that serve different ones',
      stages: [
        ['deployed', 'old'],
        ['served', 'old'],
        ['served', 'next'],
      ],
      equal: false,
      due: ['differs'],
    },
    {
      what: 'nothing deployed yet',
      stages: [
        ['issued', 'old'],
        ['deployed', 'none'],
      ],
      equal: false,
      due: ['missing'],
    },
    {
      what: 'nothing at all',
      stages: [
        ['issued', 'none'],
        ['deployed', 'none'],
      ],
      due: ['missing', 'missing'],
    },
    {
      what: 'nothing served, and why',
      stages: [
        ['deployed', 'old'],
        ['served', { trouble: 'nothing listens' }],
      ],
      equal: false,
      due: ['trouble'],
    },
    {
      what: 'trouble beside the certificate',
      stages: [
        ['issued', 'old'],
        ['issued', { trouble: 'the hook failed' }],
        ['deployed', 'old'],
      ],
      due: ['trouble'],
    },
    { what: 'just before the last third', stages: [['deployed', 'old']], days: 59 },
    {
      what: 'in the last third',
      stages: [
        ['deployed', 'old'],
        ['served', 'old'],
      ],
      days: 61,
      due: ['expiring'],
    },
    { what: 'few days, but warned later', stages: [['deployed', 'old']], days: 80, warn: 5 },
    { what: 'many days, but warned earlier', stages: [['deployed', 'old']], warn: 1000, due: ['expiring'] },
    {
      what: 'expired',
      stages: [
        ['issued', 'old'],
        ['deployed', 'old'],
      ],
      days: 91,
      due: ['expired'],
    },
    {
      what: 'expired long ago, warned of nothing',
      stages: [['deployed', 'old']],
      days: 400,
      warn: 1,
      due: ['expired'],
    },
    { what: 'not yet valid', stages: [['deployed', 'old']], days: -2, due: ['not-yet-valid'] },
  ])('$what', ({ stages, days, warn, equal = true, due = [] }) => {
    const row = judged(seen(...stages), days, warn);
    expect(codes(row)).toEqual(due);
    expect(row.equal).toBe(equal);
  });

  it('shows the one in use, and counts days', () => {
    const row = judged(seen(['issued', 'next'], ['deployed', 'old']), 10);
    expect(row).toMatchObject({ host: 'h1', place: '/tls/own', daysLeft: 79, dueIn: 49 });
    expect(row.certificate).toMatchObject({
      subject: 'CN=old',
      names: ['old.lab', 'logs.lab'],
      issuer: 'CN=ca',
      fingerprint: firstFingerprint(pems.old),
      authority: false,
    });
    expect(row.due[0]?.message).toMatch(
      /^issued ..:..:..:..\.\. \(until \d{4}-\d\d-\d\d\) is not deployed: that is ..:..:..:..\.\. \(until/,
    );
  });

  it('takes a threshold of its own from whoever renews it, unless one was given', () => {
    const own = seen(['deployed', 'old']).map((one) => ({ ...one, dueDays: 10 }));
    expect(codes(judged(own, 70))).toEqual([]);
    expect(judged(own, 70).dueIn).toBe(9);
    expect(codes(judged(own, 81))).toEqual(['expiring']);
    expect(codes(judged(own, 70, 30))).toEqual(['expiring']);
  });

  it('knows by its fingerprint what was seen whole elsewhere, and compares what was not', () => {
    const served = {
      host: 'h1',
      place: '/tls/own',
      stage: 'served',
      fingerprint: firstFingerprint(pems.old) ?? '',
    } as const;
    expect(judged([...seen(['deployed', 'old']), served]).stages.served?.certificates).toHaveLength(1);
    expect(codes(judged([...seen(['deployed', 'next']), served]))).toEqual(['differs']);
    const row = judged([served]);
    expect([row.certificate, row.daysLeft, codes(row)]).toEqual([undefined, undefined, []]);
  });

  it('a CA of which something revoked is let in must be replaced', () => {
    const revoked = 'the revoked certificate of h4 is let in';
    const row = judged([{ place: '/ca', stage: 'issued', chain: pems.ca, revoked }]);
    expect(row.due).toEqual([{ code: 'revoked', message: revoked }]);
    expect(remedyOf(row, [row])).toBe('authority');
  });

  it('does not trip over damaged ones', () => {
    const damaged = pems.old.replace(/MII.*/, 'MIIdamaged');
    expect(codes(judged([{ host: 'h1', place: '/x', stage: 'deployed', chain: damaged }]))).toEqual([
      'missing',
    ]);
  });

  it('keeps hosts and places apart, and shows planned changes where nothing else explains them', () => {
    const all = [
      ...seen(['deployed', 'old']),
      { host: 'h2', place: '/tls/own', stage: 'deployed', chain: pems.old },
      { place: '.provision/ca', stage: 'issued', chain: pems.ca },
    ] as const;
    const planned = [
      { host: 'h2', place: '/tls/own', message: 'key ownership would change' },
      { host: 'h3', place: '/tls/own', message: 'nobody saw one there' },
    ];
    const rows = certificateLedger(all, planned, { now: new Date(began) });
    expect(rows.map(({ host, due }) => [host, due.map(({ message }) => message)])).toEqual([
      ['h1', []],
      ['h2', ['key ownership would change']],
      [undefined, []],
    ]);
    const late = certificateLedger(all, planned, { now: new Date(began + 61 * 86_400_000) });
    expect(late.map(codes)).toEqual([['expiring'], ['expiring'], []]);
  });
});

describe('remedyOf', () => {
  const ca = () =>
    certificateLedger([{ place: 'ca', stage: 'issued', chain: pems.ca }], [], { now: new Date(began) });

  it.each<[string, readonly Short[], number, boolean, string | undefined]>([
    ['nothing, when all is in order', [['deployed', 'old']], 1, true, undefined],
    [
      'a run, where stages differ',
      [
        ['issued', 'next'],
        ['deployed', 'old'],
      ],
      1,
      false,
      'apply',
    ],
    ['a run, for what the private CA issues', [['deployed', 'old']], 61, true, 'apply'],
    ['its issuer, for what others issue', [['deployed', 'old']], 61, false, 'issuer'],
    ['its issuer, when that expired', [['deployed', 'old']], 91, false, 'issuer'],
    [
      'a run, when the next one is there',
      [
        ['issued', 'next'],
        ['deployed', 'old'],
      ],
      61,
      false,
      'apply',
    ],
    ['a run, where nothing is', [['deployed', 'none']], 1, false, 'apply'],
    ['a look at the clock', [['deployed', 'old']], -2, true, 'clock'],
  ])('%s', (_what, stages, days, known, remedy) => {
    expect(remedyOf(judged(seen(...stages), days), known ? ca() : [])).toBe(remedy);
  });

  it('for a CA itself: its replacement, or a run that makes it', () => {
    const row = (chain: string | undefined, days: number) =>
      judged([{ place: 'ca', stage: 'issued', ...(chain && { chain }) }], days);
    expect(remedyOf(row(pems.ca, 300), [])).toBe('authority');
    expect(remedyOf(row(undefined, 0), [])).toBe('apply');
  });
});
