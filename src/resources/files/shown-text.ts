import { isSecret } from '../../probes/secret-mark.ts';
import type { Change } from '../resource.ts';

/** Larger files are not fetched for a diff. */
export const shownBytes = 256 * 1024;

// Undefined for bytes that are no text that a diff can show.
function textOf(content: Buffer): string | undefined {
  if (content.length > shownBytes || content.includes(0)) return undefined;
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? text : undefined;
}

/** Old and new text for a diff; empty where it may not or cannot be shown. */
export function shownText(path: string, before: Buffer | undefined, after: Buffer): Pick<Change, 'text'> {
  if (!before || isSecret(before) || isSecret(after)) return {};
  const [old, now] = [textOf(before), textOf(after)];
  return old === undefined || now === undefined ? {} : { text: { path, before: old, after: now } };
}
