// files-runs.ts WORK RUNS: 1,000 small files on one fresh host, on the control machine of a lab.
import { inTurn } from './converged.ts';
import { floor } from './floor.ts';
import { provision, provisionAgain } from './provision.ts';
import { rows } from './sample.ts';
import { keep } from './samples-file.ts';

const [work = '', runs = '5'] = process.argv.slice(2);
keep(work, 1, rows.filesFirst, [provision(work, 'files.yml').time]);
const done = inTurn(Number(runs), {
  [rows.floor]: () => floor(1),
  [rows.filesAgain]: () => provisionAgain(work, 'files.yml'),
});
for (const [what, times] of Object.entries(done)) keep(work, 1, what, times);
