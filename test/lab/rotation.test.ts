import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clients, nothingLost, RotationLab, type Settings } from '../helpers/lab/rotation-lab.ts';

/** Something that is replaced while all clients log. */
interface Row {
  readonly name: string;
  readonly change: (lab: RotationLab) => Promise<void>;
  /** The hosts that show another certificate afterwards. */
  readonly renewed: readonly string[];
  /** What server and clients trust afterwards; roots and peers by name, if nothing is said. */
  readonly server?: string;
  readonly client?: string;
}

const to = (settings: Settings) => (lab: RotationLab) => lab.set(settings);
const server = { change: (lab: RotationLab) => lab.renewServer(), renewed: ['h1'] };
const senders = { change: (lab: RotationLab) => lab.renewClients(), renewed: clients };
const authority = { change: (lab: RotationLab) => lab.renewCa(), renewed: clients };
const fingerprints = { server: '1 root, 3 by fingerprint', client: '1 root, 1 by fingerprint' };

// Each row begins where the one before ended.
const rows: readonly Row[] = [
  { name: "ossl, names: the server's certificate", ...server },
  { name: "ossl, names: the clients' certificates", ...senders },
  { name: 'ossl, names: a new private CA', ...authority },
  { name: 'ossl: mutual -> private', change: to({ log_topology: 'private' }), renewed: ['h1'] },
  { name: 'ossl: a new private CA for all', ...authority, renewed: ['h1', ...clients] },
  { name: 'ossl: private -> mutual', change: to({ log_topology: null }), renewed: ['h1'] },
  {
    name: 'ossl: mutual -> server',
    change: to({ log_topology: 'server' }),
    renewed: [],
    server: 'no roots, 0 by anon',
  },
  { name: 'ossl: server -> mutual', change: to({ log_topology: null }), renewed: [] },
  {
    name: 'ossl: names -> fingerprints',
    change: to({ log_authentication: 'fingerprint' }),
    renewed: [],
    ...fingerprints,
  },
  { name: "ossl, fingerprints: the server's certificate", ...server, ...fingerprints },
  { name: "ossl, fingerprints: the clients' certificates", ...senders, ...fingerprints },
  { name: 'ossl: fingerprints -> names', change: to({ log_authentication: null }), renewed: [] },
  { name: 'ossl -> gtls', change: to({ log_driver: 'gtls' }), renewed: [] },
  { name: "gtls, names: the server's certificate", ...server },
  { name: "gtls, names: the clients' certificates", ...senders },
  { name: 'gtls, names: a new private CA', ...authority },
  { name: 'gtls: mutual -> private', change: to({ log_topology: 'private' }), renewed: ['h1'] },
  { name: 'gtls: private -> mutual', change: to({ log_topology: null }), renewed: ['h1'] },
  {
    name: 'gtls: names -> fingerprints',
    change: to({ log_authentication: 'fingerprint' }),
    renewed: [],
    ...fingerprints,
  },
  { name: "gtls, fingerprints: the server's certificate", ...server, ...fingerprints },
  {
    name: 'gtls, fingerprints: mutual -> private',
    change: to({ log_topology: 'private' }),
    renewed: ['h1'],
    ...fingerprints,
  },
  {
    name: 'gtls, fingerprints: private -> mutual',
    change: to({ log_topology: null }),
    renewed: ['h1'],
    ...fingerprints,
  },
  { name: 'gtls: fingerprints -> names', change: to({ log_authentication: null }), renewed: [] },
  { name: 'gtls -> ossl', change: to({ log_driver: null }), renewed: [] },
];

describe('a rotation while three clients log 200 lines a second each', () => {
  let lab: RotationLab;

  beforeAll(async () => {
    lab = await RotationLab.open('bookworm', 'rotation');
  });
  afterAll(async () => {
    await lab?.close();
  });

  test('the control: new files and a restart of the server lose lines', async () => {
    const lost: string[] = [];
    for (let tries = 0; tries < 5 && lost.length === 0; tries++) {
      const { lines } = await lab.whileLogging(() => lab.swapNaively());
      lost.push(...lines.filter((line) => !line.includes(': 0 lost')));
    }
    expect(lost).not.toEqual([]);
  });

  test.each(rows)('$name', async ({ change, renewed, ...trust }) => {
    const hosts = ['h1', ...clients];
    const shown = () => Promise.all(hosts.map((host) => lab.shown(host)));
    const before = await shown();
    await change(lab);
    const { run, said, lines } = await lab.rotate();
    expect(run).toExitWith(0);
    expect(lines).toEqual(nothingLost);
    expect(said).not.toContain(' 0 changed on every host');
    for (const host of clients)
      expect(said).toMatch(new RegExp(`${host} -> h1: arrived (in|within) \\d+ ms`));
    const after = await shown();
    expect(hosts.filter((_, n) => after[n] !== before[n])).toEqual(renewed);
    expect(await lab.project.served()).toBe(after[0]);
    expect(await lab.trust('h1')).toBe(trust.server ?? '1 root, 3 by name');
    for (const host of clients) expect(await lab.trust(host)).toBe(trust.client ?? '1 root, 1 by name');
  });
});
