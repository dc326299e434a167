import type { RecordsDatabase } from './records-database.ts';

// Runs that are kept of each playbook.
const keptRuns = 200;

// Bytes that all runs together may take.
const keptBytes = 64 * 1024 * 1024;

// At once: what is left is for the next run to remove.
const most = 20;

/** Forgets the oldest runs of a playbook, and of all where they take too much room. */
export function forgetOldRuns(
  database: RecordsDatabase,
  playbook: string,
  { runs = keptRuns, bytes = keptBytes }: { readonly runs?: number; readonly bytes?: number } = {},
): void {
  database.put(
    `DELETE FROM runs WHERE id IN (
      SELECT id FROM runs WHERE playbook = ? ORDER BY id DESC LIMIT ${most} OFFSET ?)`,
    playbook,
    runs,
  );
  for (let removed = 0; removed < most && usedBytes(database) > bytes; removed++) {
    database.put(
      `DELETE FROM runs WHERE id = (SELECT min(id) FROM runs) AND id < (SELECT max(id) FROM runs)`,
    );
  }
}

function usedBytes(database: RecordsDatabase): number {
  const of = (pragma: string) => Number(Object.values(database.rows(`PRAGMA ${pragma}`)[0] ?? {})[0]);
  return (of('page_count') - of('freelist_count')) * of('page_size');
}
