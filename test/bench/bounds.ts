import { counts, median, rows, type Sample } from './sample.ts';

/** A line of the table: what was measured, and what it may be; without `most` and `least` it may be anything. */
export interface Bound {
  readonly name: string;
  readonly unit?: string;
  /** Undefined when this run did not measure it. */
  readonly today: number | undefined;
  readonly most?: number;
  readonly least?: number;
  /** The option that measures it. */
  readonly option?: string;
}

/** Every bound of the issue on speed, with what the samples of one run say of it. */
export function bounds(samples: readonly Sample[]): readonly Bound[] {
  const middle = (what: string, hosts?: number): number | undefined => {
    const of = samples.filter((sample) => sample.what === what && (hosts ?? sample.hosts) === sample.hosts);
    // without a number of hosts: the worst of them
    return of.length > 0 ? Math.max(...of.map(({ values }) => median(values))) : undefined;
  };
  const over = (above: string, below: string, hosts?: number): number | undefined => {
    const [dividend, divisor] = [middle(above, hosts), middle(below, hosts)];
    return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
  };
  /** What each host adds at 2,000 hosts over what it adds at 100; ten hosts are the start. */
  const growth = (what: string): number | undefined => {
    const [start, some, many] = [10, 100, 2000].map((hosts) => middle(what, hosts));
    if (start === undefined || some === undefined || many === undefined) return undefined;
    return (many - start) / 1990 / ((some - start) / 90);
  };
  const ansible = { option: '--ansible' };
  const files = { option: '--files' };
  const scale = { option: '--scale' };
  const start = { option: '--start' };
  return [
    { name: 'programs on a client, converged, with proof', today: middle(counts.proven), most: 50 },
    { name: '  its forks', today: middle(counts.provenForks), most: 90 },
    { name: 'programs on a client, converged, plain', today: middle(counts.plain), most: 30 },
    { name: 'converged with proof / floor, 10 hosts', today: over(rows.proven, rows.floor, 10), most: 3 },
    { name: '  3 hosts', today: over(rows.proven, rows.floor, 3), most: 3 },
    { name: 'converged, plain / floor, 10 hosts', today: over(rows.plainAgain, rows.floor, 10), most: 2 },
    { name: '  3 hosts', today: over(rows.plainAgain, rows.floor, 3), most: 2.5 },
    {
      name: 'Ansible / provision, converged with proof, 10 hosts',
      today: over(rows.ansibleAgain, rows.proven, 10),
      least: 15,
      ...ansible,
    },
    { name: '  3 hosts', today: over(rows.ansibleAgain, rows.proven, 3), least: 12, ...ansible },
    {
      name: 'pyinfra / provision, converged with proof, 10 hosts',
      today: over(rows.pyinfraAgain, rows.proven, 10),
      least: 1.7,
      option: '--pyinfra',
    },
    {
      name: 'first apply with proof / Ansible without, 10 hosts',
      today: over(rows.first, rows.ansibleFirst, 10),
      most: 0.3,
      ...ansible,
    },
    { name: '  round trips of a client', today: middle(counts.firstTrips), most: 10 },
    { name: '  programs on a client', today: middle(counts.first), most: 250 },
    {
      name: '1,000 small files / floor, first',
      today: over(rows.filesFirst, rows.floor, 1),
      most: 15,
      ...files,
    },
    { name: '  again', today: over(rows.filesAgain, rows.floor, 1), most: 4, ...files },
    {
      name: 'validate home-lab / node -e 0, processor time',
      today: over(rows.validateTime, rows.nodeTime),
      most: 4,
      ...start,
    },
    {
      name: '--version / node -e 0, processor time',
      today: over(rows.versionTime, rows.nodeTime),
      most: 1.3,
      ...start,
    },
    { name: '40 ms: converged with proof / floor', today: over(rows.slowProven, rows.slowFloor), most: 1.7 },
    { name: 'scale: time of a host, 2,000 / 100', today: growth(rows.scaleTime), most: 1.3, ...scale },
    { name: '  memory of a host, 2,000 / 100', today: growth(counts.scaleMemory), most: 1.3, ...scale },
    { name: '  memory at 2,000', unit: 'MB', today: middle(counts.scaleMemory, 2000), most: 1536, ...scale },
    {
      name: '  lag of the event loop, p99',
      unit: 'ms',
      today: middle(counts.scaleLag, 2000),
      most: 100,
      ...scale,
    },
    {
      name: '  the same on a terminal',
      unit: 'ms',
      today: middle(counts.drawnLag, 2000),
      most: 100,
      ...scale,
    },
    {
      name: '  its longest pause',
      unit: 'ms',
      today: middle(counts.scaleLongest, 2000),
      ...scale,
    },
    {
      name: '  processor time of its longest pause',
      unit: 'ms',
      today: middle(counts.scaleStretch, 2000),
      most: 500,
      ...scale,
    },
  ];
}
