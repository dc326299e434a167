import { InvalidArgumentError } from 'commander';
import { gathered } from '../command-parts.ts';

const endings = ['.html', '.xml', '.md'] as const;

/** A file for a report, which may be given again; a usage error where its ending says nothing. */
export function reportFile(value: string, earlier: readonly string[] = []): readonly string[] {
  if (!endings.some((ending) => value.endsWith(ending)))
    throw new InvalidArgumentError('It must end with .html (a page), .xml (JUnit) or .md (Markdown).');
  return gathered(value, earlier);
}
