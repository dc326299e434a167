// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-\s_.]+/g, '_');
}

/** The candidate that a misspelt word most likely meant; undefined when none is near enough to be worth saying. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: { readonly candidate: string; readonly score: number } | undefined;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, offered.length) / 3));
    const longer = wanted.startsWith(`${offered}_`) || (offered.length >= 5 && wanted.startsWith(offered));
    const extended = wanted.length >= 4 && (offered.startsWith(wanted) || longer);
    const steps = Math.abs(wanted.length - offered.length) > allowed ? Infinity : distance(wanted, offered);
    const score = steps <= allowed && steps < wanted.length ? steps : extended ? allowed + 1 : Infinity;
    if (score < (best?.score ?? Infinity)) best = { candidate, score };
  }
  return best?.candidate;
}

/** The candidate that differs from a word by a single slip: one letter more, less, other, or two neighbours swapped. */
export function oneSlipFrom(word: string, candidates: Iterable<string>): string | undefined {
  for (const candidate of candidates) if (isOneSlip(word, candidate)) return candidate;
  return undefined;
}

// A distance of 1, asked of very many pairs: most differ in length by more, and no table is needed.
function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
  const swapped = a[at] === b[at + 1] && a[at + 1] === b[at];
  return a.slice(at + 1) === b.slice(at + 1) || (swapped && a.slice(at + 2) === b.slice(at + 2));
}

/** A hint for a misspelt word: `did you mean 'notify'?`, else the whole choice when it is short, else nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const choice = [...new Set(candidates)];
  const match = nearest(word, choice);
  if (match !== undefined) return `did you mean '${match}'?`;
  if (choice.length === 0 || choice.length > 12) return undefined;
  return choice.length === 1 ? `there is only '${choice[0]}'` : `choose one of: ${choice.sort().join(', ')}`;
}
