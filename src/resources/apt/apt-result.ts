import type { ScriptOutput } from '../../shell/script-output.ts';
import { printedKeys, printedResult } from '../commands/printed-output.ts';
import type { Json } from '../resource.ts';
import { fetchesLists } from './apt-script.ts';
import type { PackageState, WantedPackages } from './apt-state.ts';

/** The keys of what `register` sees. */
export const packageKeys = ['packages', 'cache_updated', 'cache_update_time', ...printedKeys] as const;

/** What `register` sees: the packages, and how it stands with apt's lists. */
export function packageResult(
  want: WantedPackages,
  have: PackageState,
  outputs: readonly ScriptOutput[],
  before = have,
): { readonly [key: string]: Json } {
  return {
    ...printedResult(outputs),
    packages: have.known.map(({ name, version, status }) => ({ name, version, status })),
    cache_updated: outputs.length > 0 && fetchesLists(want, before),
    ...(have.listsFetched !== undefined && { cache_update_time: Math.floor(have.listsFetched) }),
  };
}
