import type { TaskResult } from '../runner/events.ts';
import type { Paint, Style } from './paint.ts';

/** What a task would do. */
export type Sign = '+' | '~' | '-' | '>' | '*' | '?' | '!';

const signs: Readonly<Record<Sign, { readonly style: Style; readonly meaning: string }>> = {
  '+': { style: 'green', meaning: 'create' },
  '~': { style: 'yellow', meaning: 'update' },
  '-': { style: 'red', meaning: 'remove' },
  '>': { style: 'cyan', meaning: 'run' },
  '*': { style: 'cyan', meaning: 'handler' },
  '?': { style: 'magenta', meaning: 'unknown until applied' },
  '!': { style: 'red', meaning: 'would fail' },
};

/** What a sign is made of. */
export type SignedResult = Pick<TaskResult, 'status' | 'changes' | 'handler'>;

/** The sign of what a result would do: that nobody knows, or that it fails, counts more than what kind of task it is. */
export function signOf({ status, changes, handler }: SignedResult): Sign {
  if (status === 'failed') return '!';
  if (status === 'unknown') return '?';
  if (handler) return '*';
  if (changes.some(({ attribute }) => attribute === 'command')) return '>';
  if (changes.some(({ to }) => to === 'absent' || to === 'purged')) return '-';
  return changes.some(({ from, text }) => from === 'absent' || text?.before === '') ? '+' : '~';
}

/** A sign in its colour. */
export function paintedSign(sign: Sign, paint: Paint): string {
  return paint(signs[sign].style, sign);
}

/** The line that explains the signs of a plan, those that it has; undefined for a plan without any. */
export function legend(used: ReadonlySet<Sign>, paint: Paint): string | undefined {
  const known = (Object.keys(signs) as Sign[]).filter((sign) => used.has(sign));
  if (known.length === 0) return undefined;
  return known.map((sign) => `${paintedSign(sign, paint)} ${signs[sign].meaning}`).join('   ');
}
