import { readFileSync } from 'node:fs';

/** Ends the programs of these tests. */
export const marker = '\ntest-nonce done\n';

/** A program that runs the body and says on both streams that it has ended. */
export function program(body: string, after = 'exit 0'): string {
  const mark = String.raw`printf '\ntest-nonce done\n'`;
  return `{\n${body}\n${mark}; ${mark} >&2\n${after}\n}\n`;
}

/** What a program printed before the marker. */
export function printed(bytes: Buffer): string {
  return bytes.toString('utf8').split(marker)[0] ?? '';
}

/** True while a process runs; one that only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
