import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** A file with a case, or with several: its name without the ending, and what stands in it. */
export interface CaseFile<Content> {
  readonly name: string;
  readonly content: Content;
}

/** The cases of a folder, in the order of their names: each .yml file in it is found. Throws when there is none. */
export function caseFiles<Content>(folder: string): readonly CaseFile<Content>[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  if (names.length === 0) throw new Error(`${folder} has no cases`);
  return names.sort().map((name) => ({
    name: name.replace(/\.yml$/, ''),
    content: load(readFileSync(join(folder, name), 'utf8')) as Content,
  }));
}
