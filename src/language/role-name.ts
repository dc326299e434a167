import { dirname } from 'node:path';
import type { Role } from './model.ts';

const whole = /^(\w+\.\w+)\.(\w+)$/;

/** The name of a role without that of its collection. */
export function shortRoleName({ name }: Role): string {
  return whole.exec(name)?.[2] ?? name;
}

/** The collection of a role that was asked for by its whole name, and of those beside it; undefined for any other. */
export function collectionName({ name, directory, parents }: Role): string | undefined {
  const [parent] = parents;
  const beside = parent && dirname(parent.directory) === dirname(directory) ? parent : undefined;
  return whole.exec(name)?.[1] ?? (beside && collectionName(beside));
}
