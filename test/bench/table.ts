// table.ts FILE: prints the samples of a benchmark as a table, medians with their spread.
import { readFileSync } from 'node:fs';
import { median, type Sample } from './sample.ts';

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

for (const hosts of new Set(samples.map((sample) => sample.hosts))) {
  const here = samples.filter((sample) => sample.hosts === hosts);
  const rows = [...new Set(here.map(({ what }) => what))].flatMap((what) => {
    const sample = merged(here.filter((other) => other.what === what));
    return sample ? [sample] : [];
  });
  const floor = rows.find(({ what }) => what.startsWith('floor'));
  console.log(`\n${hosts} hosts                    median s   min - max   × floor   round trips of a host`);
  for (const { what, times, trips } of rows) {
    const middle = median(times);
    const ratio = floor ? (middle / median(floor.times)).toFixed(1) : '';
    const cost = trips
      ? `${trips.connections} connection, ${trips.execs} execs${trips.verifyExecs > 0 ? ` (+${trips.verifyExecs} to verify)` : ''}`
      : '';
    const spread = `${seconds(Math.min(...times))}-${seconds(Math.max(...times))}`;
    console.log(
      `${what.padEnd(28)}${seconds(middle).padStart(8)}${spread.padStart(12)}${ratio.padStart(10)}   ${cost}`.trimEnd(),
    );
  }
}
console.log(
  '\nWhole processes, start-up included. "with proof": a log line of every client is awaited at the server.',
);
