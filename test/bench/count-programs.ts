// count-programs.ts LAB_NS hN[,hN...] -- COMMAND...: runs a command on the control machine of a lab that is up and prints what
// it made these hosts start.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { countPrograms } from './program-count.ts';
import { programList } from './program-list.ts';

const [lab = '', hosts = '', dashes, ...command] = process.argv.slice(2);
if (dashes !== '--' || command.length === 0) {
  console.error('usage: test/bench/count-programs LAB_NS hN[,hN...] -- COMMAND...');
  process.exit(1);
}
let code: number | null = null;
const counts = countPrograms(lab, () => {
  const run = spawnSync(join(import.meta.dirname, '../lab/lab'), ['exec', 'ctl', ...command], {
    stdio: 'inherit',
    env: { ...process.env, LAB_NS: lab },
  });
  code = run.status;
});
for (const host of hosts.split(',')) {
  const count = counts.get(host);
  if (count) console.log(programList(host, count));
  else console.error(`no host '${host}' in lab '${lab}'`);
}
process.exitCode = code ?? 1;
