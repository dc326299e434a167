import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** sh code after which `date` is the given sh code, also where it is run as a program; for a file of tests or a `describe`: what is made outside a test lasts until they have ended. */
export function falseDate(code: string): string {
  const bin = mkdtempSync(join(tmpdir(), 'provision-date-'));
  afterAll(() => rmSync(bin, { recursive: true }));
  writeFileSync(join(bin, 'date'), `#!/bin/sh\n${code}\n`);
  chmodSync(join(bin, 'date'), 0o755);
  return `PATH='${bin}':$PATH`;
}

/** sh code after which the clock is off, as `date -d` takes it: `-2 days`. */
export function clockOff(by: string): string {
  return falseDate(`exec /bin/date -d '${by}' "$@"`);
}
