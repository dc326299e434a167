import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  memoryQueueScript,
  readMemoryQueue,
} from '../../../../../src/domains/tls-logs/resources/log-lines/memory-queue.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';

const fresh = scratch();
const loads =
  'module(load="impstats" interval="30" format="json" log.syslog="on" ruleset="provision_statistics")\n';

// As rsyslogd 8.2302 writes it.
const row = (secondsAgo: number, name: string, size: number, lost = 0): string =>
  `${Math.floor(Date.now() / 1000) - secondsAgo}  { "name": "${name}", "origin": "core.queue", "size": ${size}, ` +
  `"enqueued": 9, "full": 0, "discarded.full": ${lost}, "discarded.nf": 0, "maxqsize": 2 }\n`;

function seen(statistics: string | undefined, configuration = loads): ReturnType<typeof readMemoryQueue> {
  const directory = fresh();
  const file = join(directory, 'client.conf');
  writeFileSync(file, `# ours\n${configuration}`);
  if (statistics !== undefined) writeFileSync(join(directory, 'provision-statistics'), statistics);
  return readMemoryQueue(
    execFileSync('sh', ['-c', memoryQueueScript(directory, file)], { encoding: 'utf8' }),
  );
}

test.each<[string, string | undefined, { waiting: number; discarded: number }]>([
  ['nothing has ever waited', undefined, { waiting: 0, discarded: 0 }],
  [
    'what waited is long sent',
    row(900, 'provision_forward queue', 7) + row(870, 'provision_forward queue', 9),
    { waiting: 0, discarded: 0 },
  ],
  ['a line on its way is no queue', row(5, 'provision_forward queue', 1), { waiting: 0, discarded: 0 }],
  [
    'what was there the time before, too, waits',
    row(35, 'provision_forward queue', 40) + row(5, 'provision_forward queue', 55),
    { waiting: 40, discarded: 0 },
  ],
  [
    'queues of several servers, and what they lost',
    [35, 5]
      .map((ago) => row(ago, 'provision_forward queue', 3) + row(ago, 'provision_forward_2 queue', 4, 6))
      .join(''),
    { waiting: 7, discarded: 6 },
  ],
  ['a file that is something else', 'x y\n\n12\n; rm -rf /\n', { waiting: 0, discarded: 0 }],
])('%s', (_what, statistics, counts) => {
  expect(seen(statistics)).toEqual(counts);
});

test('a client that does not count says nothing', () => {
  expect(seen(row(5, 'provision_forward queue', 3), '')).toEqual({});
});
