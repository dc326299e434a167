import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** sh code after which `date` is the given sh code, also where it is run as a program; until the tests of the file have ended. */
export function falseDate(code: string): string {
  const bin = mkdtempSync(join(tmpdir(), 'provision-date-'));
  made.push(bin);
  writeFileSync(join(bin, 'date'), `#!/bin/sh\n${code}\n`);
  chmodSync(join(bin, 'date'), 0o755);
  return `PATH='${bin}':$PATH`;
}

/** sh code after which the clock is off, as `date -d` takes it: `-2 days`. */
export function clockOff(by: string): string {
  return falseDate(`exec /bin/date -d '${by}' "$@"`);
}
