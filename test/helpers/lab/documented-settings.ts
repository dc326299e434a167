import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../../docs/log-server.md');

/**
 * The YAML under a heading of docs/log-server.md, with names of the lab in the place of the page's.
 * @param number which of its blocks, from 0
 */
export function documentedSettings(
  heading: string,
  names: Readonly<Record<string, string>> = {},
  number = 0,
): string {
  const [, section] = readFileSync(page, 'utf8').split(`\n## ${heading}\n`);
  const blocks = section?.split('\n## ')[0]?.matchAll(/^```yaml\n([\s\S]*?)^```/gm);
  const text = [...(blocks ?? [])][number]?.[1];
  if (text === undefined) throw new Error(`docs/log-server.md has no block ${number} under '${heading}'`);
  return Object.entries(names).reduce((all, [name, instead]) => {
    if (!all.includes(name)) throw new Error(`the block under '${heading}' does not name ${name}`);
    return all.replaceAll(name, instead);
  }, text);
}
