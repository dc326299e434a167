import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { hostWith } from './stand-ins.ts';

/** Programs of a host that answer from files in `$FAKE`, and note there what they are asked to do. */
export interface StandIns {
  readonly programs: Readonly<Record<string, string>>;
  /** What stands in `$FAKE` before. */
  readonly files: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Applies a resource to a host with such programs in an empty directory, which is `@/` in arguments and in what comes back.
 * `noted` gives the lines that a program wrote into a file.
 */
export async function appliedWith(
  directory: string,
  { programs, files, environment }: StandIns,
  resource: AnyHostResource,
  args: object,
) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const host = hostWith(join(directory, 'bin'), programs, { FAKE: directory, ...environment });
  const shown = (text: string) => text.replaceAll(`${directory}/`, '@/');
  const settled = JSON.parse(JSON.stringify(args).replaceAll('@/', `${directory}/`));
  const { refused, changes, outputs } = await host.apply(resource, settled);
  const noted = (name: string): readonly string[] => {
    const file = join(directory, name);
    return existsSync(file) ? shown(readFileSync(file, 'utf8').trim()).split('\n') : [];
  };
  return {
    refused,
    changes: changes.map(({ attribute, from, to }) => shown(`${attribute}: ${from} -> ${to}`)),
    codes: outputs.map((one) => one.code),
    noted,
  };
}
