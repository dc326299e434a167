import { readPublicParts } from './pem.ts';

/** One version of a certificate with its key, as it lies on the host. */
export interface SeenVersion {
  readonly name: string;
  /** The certificates of fullchain.pem; empty when it is missing. */
  readonly chain: string;
  /** PEM; empty when the key is damaged or missing, and for versions older than the one in use. */
  readonly publicKey: string;
  /** `root:syslog 640`; empty when missing. */
  readonly chainOwnership: string;
  readonly keyOwnership: string;
  /** SHA-256 of both files; only when they were asked for, and of those that may be read. */
  readonly chainSum: string;
  readonly keySum: string;
}

/** A directory with versions, and the link `current` to the one in use. */
export interface SeenStore {
  /** What `current` names: a version, or whatever else it points to. */
  readonly current: string | undefined;
  /** Oldest first. */
  readonly versions: readonly SeenVersion[];
}

interface Listed {
  readonly flags: string;
  readonly name: string;
}

/** Reads what the program for stores printed; undefined when it makes no sense: another file may have come or gone meanwhile. */
export function readStores(text: string, count: number): readonly SeenStore[] | undefined {
  const [head = '', ...rest] = text.split(/^part /m);
  const part = (name: string) => rest.find((one) => one.startsWith(`${name}\n`))?.slice(name.length + 1);
  const [owner, chain, sum, open] = ['owner', 'chain', 'sum', 'public'].map(part);
  if (owner === undefined || chain === undefined || sum === undefined || open === undefined) return undefined;
  const stores = storesIn(head);
  const versions = stores.flatMap((one) => one.versions);
  const marked = (pattern: RegExp) => versions.filter(({ flags }) => pattern.test(flags)).length;
  const chains = readPublicParts(chain, marked(/C/));
  const owners = linesOf(owner, marked(/c/) + marked(/k/));
  const sums = linesOf(sum, marked(/C.*s/) + marked(/K.*s/));
  const keys = linesBefore(open, '#', marked(/K.*p/));
  if (stores.length !== count || !owners || !sums || !keys) return undefined;
  const next = { owner: owners.values(), chain: chains.values(), sum: sums.values(), key: keys.values() };
  const taken = (values: Iterator<string | undefined>, wanted: boolean) =>
    wanted ? (values.next().value ?? '') : '';
  const versionOf = ({ flags, name }: Listed): SeenVersion => ({
    name,
    chainOwnership: taken(next.owner, /c/.test(flags)),
    keyOwnership: taken(next.owner, /k/.test(flags)),
    chain: taken(next.chain, /C/.test(flags)),
    chainSum: sumIn(taken(next.sum, /C.*s/.test(flags))),
    keySum: sumIn(taken(next.sum, /K.*s/.test(flags))),
    publicKey: taken(next.key, /K.*p/.test(flags)),
  });
  return stores.map((one) => ({ current: one.current || undefined, versions: one.versions.map(versionOf) }));
}

function storesIn(
  head: string,
): readonly { readonly current: string; readonly versions: readonly Listed[] }[] {
  const stores: { current: string; versions: Listed[] }[] = [];
  for (const line of head.split('\n')) {
    const [word, flags = '', name] = line.split(' ');
    if (word === 'store') stores.push({ current: line.slice('store '.length), versions: [] });
    if (word === 'version' && name) stores.at(-1)?.versions.push({ flags, name });
  }
  return stores;
}

function linesOf(text: string, count: number): readonly string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length === count ? lines : undefined;
}

// Blocks that each end with the mark on a line of its own.
function linesBefore(text: string, mark: string, count: number): readonly string[] | undefined {
  const blocks = text.split(`${mark}\n`);
  return blocks.length === count + 1 ? blocks.slice(0, count) : undefined;
}

function sumIn(line: string): string {
  return /^\\?([0-9a-f]{64}) /.exec(line)?.[1] ?? '';
}
