import { expect, test } from 'vitest';
import type { FleetDatabase } from '../../../src/fleet/database.ts';
import { ShardClaim } from '../../../src/fleet/shard-claim.ts';

test('an attempt that was given up writes nothing more: what is cut off then is no failure of the run', async () => {
  const written: unknown[] = [];
  const persistently = async (statement: string) => {
    written.push(statement);
    return [{ attempt: 1, play: -1, checkpoint: null }];
  };
  const claim = await ShardClaim.begin(
    { persistently } as unknown as FleetDatabase,
    { run: 'r', shard: 0 },
    'w',
  );
  await claim?.append(0, Buffer.of());
  await claim?.store(0, Buffer.of(), Buffer.of());
  expect(written).toHaveLength(3);
  claim?.forsake();
  await claim?.append(1, Buffer.of());
  await claim?.store(1, Buffer.of(), Buffer.of());
  await claim?.end(2);
  expect([claim?.forsaken, claim?.play, written.length]).toEqual([true, 0, 3]);
});
