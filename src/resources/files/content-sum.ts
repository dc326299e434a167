import { createHash } from 'node:crypto';

const known = new WeakMap<Buffer, string>();

/** The sha256 of a content that nobody changes, computed once. */
export function sha256Of(content: Buffer): string {
  let sum = known.get(content);
  if (sum === undefined) {
    sum = createHash('sha256').update(content).digest('hex');
    known.set(content, sum);
  }
  return sum;
}
