import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sh code after which `date` is the given sh code, also where it is run as a program. */
export function falseDate(code: string): string {
  const bin = mkdtempSync(join(tmpdir(), 'provision-date-'));
  process.once('exit', () => rmSync(bin, { recursive: true, force: true }));
  writeFileSync(join(bin, 'date'), `#!/bin/sh\n${code}\n`);
  chmodSync(join(bin, 'date'), 0o755);
  return `PATH='${bin}':$PATH`;
}

/** sh code after which the clock is off, as `date -d` takes it: `-2 days`. */
export function clockOff(by: string): string {
  return falseDate(`exec /bin/date -d '${by}' "$@"`);
}
