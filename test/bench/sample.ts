/** Times of one command over several runs, and what it cost in round trips on the dearest host. */
export interface Sample {
  readonly hosts: number;
  readonly what: string;
  /** Milliseconds of the whole process, start-up included, one for each run. */
  readonly times: readonly number[];
  readonly trips?: { readonly connections: number; readonly execs: number; readonly verifyExecs: number };
  readonly changed?: number;
}

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
