import { textWidth } from './fitted-text.ts';

let inNumericOrder: Intl.Collator | undefined;

/** Sorts h2 before h10; the order in which hosts happen to answer would differ from run to run. */
export function byName(one: string, other: string): number {
  inNumericOrder ??= new Intl.Collator('en', { numeric: true });
  return inNumericOrder.compare(one, other);
}

/** Host names as far as they fit a width in columns, then how many more: `h1, h2, +8`. At least one name is shown. */
export function hostList(hosts: readonly string[], width: number): string {
  // A name and its comma take three columns: of thousands no more than this can fit.
  const most = Math.max(1, Math.ceil((width + 2) / 3));
  if (hosts.length <= most) {
    const all = hosts.join(', ');
    if (textWidth(all) <= width || hosts.length === 1) return all;
  }
  for (let named = Math.min(hosts.length - 1, most); named > 1; named--) {
    const text = `${hosts.slice(0, named).join(', ')}, +${hosts.length - named}`;
    if (textWidth(text) <= width) return text;
  }
  return `${hosts[0]}, +${hosts.length - 1}`;
}

/** `1 host`, `3 hosts`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
