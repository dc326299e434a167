/** One thing measured on a number of hosts, over several runs. */
export interface Sample {
  readonly hosts: number;
  readonly what: string;
  /** One for each run: milliseconds of the whole process, start-up included, unless `what` names another unit. */
  readonly values: readonly number[];
}

/** What is measured, as it is called in the list of times. */
export const rows = {
  first: 'first apply, with proof',
  floor: 'floor: ssh2, 1 sh -s',
  proven: 'apply again, with proof',
  plainFirst: 'plain: first apply',
  plainAgain: 'plain: apply again',
  ansibleFirst: 'Ansible: first, no proof',
  ansibleAgain: 'Ansible: again, with proof',
  ansibleOpen: 'Ansible: the same, connected',
  ansiblePlainFirst: 'Ansible: plain, first',
  ansiblePlainAgain: 'Ansible: plain, again',
  pyinfraAgain: 'pyinfra: again, with proof',
  slowFloor: 'floor, 40 ms',
  slowProven: 'apply again, with proof, 40 ms',
  filesFirst: '1,000 files: first',
  filesAgain: '1,000 files: again',
  nodeTime: 'node -e 0, processor',
  validateTime: 'validate home-lab, processor',
  versionTime: '--version, processor',
  scaleWall: 'scale: wall',
  scaleTime: 'scale: processor',
} as const;

/** What is counted instead of timed. */
export const counts = {
  first: 'programs, first apply',
  firstTrips: 'round trips, first apply',
  proven: 'programs, again with proof',
  provenForks: 'forks, again with proof',
  plain: 'programs, plain again',
  scaleMemory: 'scale: megabytes',
  scaleLag: 'scale: lag, milliseconds',
  scaleLongest: 'scale: longest lag, milliseconds',
  scaleStretch: 'scale: longest stretch, milliseconds',
  drawnLag: 'scale on a terminal: lag, milliseconds',
  drawnLongest: 'scale on a terminal: longest lag, milliseconds',
} as const;

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
