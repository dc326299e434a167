// table.ts WORK [times]: prints every bound with what was measured and whether it holds; with `times` also each thing that was
// measured, medians with their spread.
import { type Bound, bounds } from './bounds.ts';
import { counts, median } from './sample.ts';
import { kept } from './samples-file.ts';

const [work = '', times] = process.argv.slice(2);
const samples = kept(work);
const counted = new Set<string>(Object.values(counts));

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function line({ name, today, most, least, unit = '', option = 'npm run bench' }: Bound): string {
  const limit = most !== undefined ? `at most ${most}` : least !== undefined ? `at least ${least}` : 'none';
  const holds = today !== undefined && today <= (most ?? Number.POSITIVE_INFINITY) && today >= (least ?? 0);
  const bound = most ?? least;
  const verdict =
    today === undefined ? `not measured: ${option}` : bound === undefined ? '' : holds ? 'yes' : 'NO';
  const figure = today === undefined ? '-' : number(today);
  return `${name.padEnd(54)}${figure.padStart(8)}  ${`${limit} ${unit}`.padEnd(17)} ${verdict}`.trimEnd();
}

console.log(`\n${''.padEnd(54)}${'today'.padStart(8)}  ${'bound'.padEnd(17)} holds`);
for (const bound of bounds(samples)) console.log(line(bound));

if (times) {
  console.log(`\n${'seconds, or counts'.padEnd(42)}hosts    median     min - max`);
  for (const { hosts, what, values } of samples.toSorted((a, b) => b.hosts - a.hosts)) {
    const shown = (value: number) => (counted.has(what) ? value.toFixed(0) : (value / 1000).toFixed(2));
    const spread = `${shown(Math.min(...values))}-${shown(Math.max(...values))}`;
    console.log(
      `${what.padEnd(42)}${`${hosts}`.padStart(5)}${shown(median(values)).padStart(10)}${spread.padStart(16)}`,
    );
  }
}
