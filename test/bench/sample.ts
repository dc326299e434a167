/** Times of one command over several runs, and what it cost in round trips on the dearest host. */
export interface Sample {
  readonly hosts: number;
  readonly what: string;
  /** Milliseconds of the whole process, start-up included, one for each run. */
  readonly times: readonly number[];
  readonly trips?: { readonly connections: number; readonly execs: number; readonly verifyExecs: number };
  readonly changed?: number;
}

/** The rows of the table, as they are called. */
export const rows = {
  freshPlan: 'plan, fresh hosts',
  first: 'first apply, with proof',
  floor: 'floor: ssh2, 1 sh -s',
  again: 'apply again',
  proven: 'apply again, with proof',
  planned: 'plan',
  plainFirst: 'plain: first apply',
  plainAgain: 'plain: apply again',
  ansibleFirst: 'Ansible: first',
  ansibleAgain: 'Ansible: again',
  ansibleOpen: 'Ansible: again, connected',
  ansiblePlainFirst: 'Ansible: plain, first',
  ansiblePlainAgain: 'Ansible: plain, again',
} as const;

/** What is compared with what. */
export const ratios: readonly (readonly [label: string, dividend: string, divisor: string])[] = [
  ['provision / floor', rows.again, rows.floor],
  ['provision / floor, plain', rows.plainAgain, rows.floor],
  ['Ansible / provision, again', rows.ansibleAgain, rows.again],
  ['Ansible, connected / provision', rows.ansibleOpen, rows.again],
  ['Ansible / provision, plain', rows.ansiblePlainAgain, rows.plainAgain],
  ['Ansible / provision, first', rows.ansibleFirst, rows.first],
  ['Ansible / provision, plain first', rows.ansiblePlainFirst, rows.plainFirst],
];

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
