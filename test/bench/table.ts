// table.ts FILE: prints the samples of a benchmark as a table, medians with their spread, and the ratios of this run.
import { readFileSync } from 'node:fs';
import { median, ratios, rows, type Sample } from './sample.ts';

const samples = readFileSync(process.argv[2] ?? '', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);

/** Samples of the same thing, taken in several labs, as one. */
function merged(same: readonly Sample[]): Sample | undefined {
  const last = same.at(-1);
  return last && { ...last, times: same.flatMap(({ times }) => times) };
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

function costText({ trips }: Sample): string {
  if (!trips) return '';
  const verify = trips.verifyExecs > 0 ? ` (+${trips.verifyExecs} to verify)` : '';
  return `${trips.connections} connection, ${trips.execs} execs${verify}`;
}

for (const hosts of new Set(samples.map((sample) => sample.hosts))) {
  const here = samples.filter((sample) => sample.hosts === hosts);
  const middles = new Map<string, number>();
  const measured = Object.values(rows).flatMap((what) => {
    const sample = merged(here.filter((other) => other.what === what));
    if (!sample) return [];
    middles.set(what, median(sample.times));
    return [sample];
  });
  const floor = middles.get(rows.floor);
  const title = `${hosts} host${hosts === 1 ? '' : 's'}`;
  console.log(`\n${title.padEnd(26)}  median s     min - max   × floor   round trips of a host`);
  for (const sample of measured) {
    const middle = median(sample.times);
    const ratio = floor ? (middle / floor).toFixed(1) : '';
    const spread = `${seconds(Math.min(...sample.times))}-${seconds(Math.max(...sample.times))}`;
    console.log(
      `${sample.what.padEnd(26)}${seconds(middle).padStart(10)}${spread.padStart(14)}${ratio.padStart(10)}   ${costText(sample)}`.trimEnd(),
    );
  }
  for (const [label, dividend, divisor] of ratios) {
    const [above, below] = [middles.get(dividend), middles.get(divisor)];
    if (above && below) console.log(`${label.padEnd(34)}${(above / below).toFixed(1).padStart(5)}`);
  }
}
console.log(
  '\nWhole processes, start-up included. "with proof": a log line of every client is awaited at the server.',
);
