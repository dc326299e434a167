import { oneSlipFrom } from '../../errors/did-you-mean.ts';
import { insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import { insteadOfModule } from '../keywords/unsupported-modules.ts';

/** A module that is not there: the task that names it fails where it is come to. */
export interface ForeignModule {
  readonly key: string;
  readonly instead: string | undefined;
}

/**
 * The module that a key of a task must mean that nobody here knows; undefined where it is rather a slip or a keyword.
 * @param choice the words that it could be a misspelling of
 */
export function foreignModule(
  key: string,
  short: string,
  choice: readonly string[],
): ForeignModule | undefined {
  const instead = insteadOfModule(short);
  if (instead !== undefined) return { key, instead };
  const plausible = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,3}$/.test(short) && !short.startsWith('with_');
  const slip = insteadOfKeyword(short) !== undefined || oneSlipFrom(short, choice) !== undefined;
  return plausible && !slip ? { key, instead } : undefined;
}
