import type { FileStat } from './file-stat.ts';
import type { PathQuestion, TextWish } from './path-question.ts';
import type { Sighting } from './path-reading.ts';
import { readTree, type TreeEntries } from './path-tree.ts';
import { ProbeError } from './probe-error.ts';
import { isSecret } from './secret-mark.ts';

/** What is at a path. */
export interface PathAnswer {
  /** What the answer is about: the path, the entry inside it, or what a followed link leads to. */
  readonly target: string;
  readonly stat: FileStat;
  /** What a link leads to; `stat` itself when it is no link. */
  readonly behind: FileStat;
  /** Where a link points, as it stands in it. */
  readonly points?: string | undefined;
  /** Where a link leads in the end, when that was asked and can be found out. */
  readonly leads?: string | undefined;
  /** Hex digits; undefined for anything but a regular file. */
  readonly sum?: string | undefined;
  /** Undefined for anything but a regular file, and where the wish does not hold. */
  readonly content?: Buffer | undefined;
  /** Those of the letters r, w and x that hold. */
  readonly may?: string | undefined;
  /** Empty where there is no directory. */
  readonly tree?: readonly TreeEntries[] | undefined;
}

/** What was seen of a place, as one question asked for it. */
export function answerOf(question: PathQuestion, seen: Sighting, textIndex: number): PathAnswer | ProbeError {
  const { stat, behind, target } = seen;
  if (stat instanceof ProbeError) return stat;
  if (behind instanceof ProbeError) return behind;
  const followed = question.follow === true && stat.kind === 'link';
  if (followed && !seen.leads) return new ProbeError(`${target} is a link that leads nowhere`);
  const sum = sumOf(question, seen, behind);
  if (sum instanceof ProbeError) return sum;
  const content = contentOf(question, seen, behind, seen.texts[textIndex]);
  if (content instanceof ProbeError) return content;
  return {
    target: followed ? (seen.leads ?? target) : target,
    stat: followed ? behind : stat,
    behind,
    points: followed ? undefined : seen.points,
    leads: question.leads && seen.leads ? seen.leads : undefined,
    sum,
    content,
    may: question.access ? seen.may : undefined,
    tree: question.tree ? readTree(seen.tree ?? '') : undefined,
  };
}

function unreadable({ target }: Sighting, reason: string): ProbeError {
  return new ProbeError(`${target} could not be read: ${reason}`);
}

function sumOf(
  { sum: name, access }: PathQuestion,
  seen: Sighting,
  { kind }: FileStat,
): string | undefined | ProbeError {
  if (!name || kind !== 'file') return undefined;
  if (seen.unread) return access ? undefined : unreadable(seen, 'Permission denied');
  return seen.sums.get(name) ?? unreadable(seen, `${name}sum gave no sum`);
}

function contentOf(
  { text: wish, access }: PathQuestion,
  seen: Sighting,
  { kind, size }: FileStat,
  sent: string | undefined,
): Buffer | undefined | ProbeError {
  if (!wish || kind !== 'file') return undefined;
  if (seen.unread) return access ? undefined : unreadable(seen, 'Permission denied');
  const known = wish.unlessSum !== undefined && seen.sums.get('sha256') === wish.unlessSum;
  if (known || size > wish.most) return undefined;
  if (sent === undefined) return wish.secrets ? unreadable(seen, 'no content came') : undefined;
  const cut = sent.lastIndexOf(' ');
  if (sent.slice(cut + 1) !== '0') return unreadable(seen, 'base64 failed');
  return kept(Buffer.from(sent.slice(0, cut), 'base64'), wish);
}

// The file may have become another one since it was judged on the host.
function kept(content: Buffer, { most, secrets }: TextWish): Buffer | undefined {
  return content.length > most || (!secrets && isSecret(content)) ? undefined : apart(content);
}

// A small buffer is a part of a large one that it shares with its neighbours, and would keep all of that as long as it is kept itself.
function apart(content: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(content.length);
  content.copy(own);
  return own;
}
