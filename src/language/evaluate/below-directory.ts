import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { displayPath } from '../source/loading/loading.ts';

/** Names below a directory of the control node. */
interface Below {
  /** Those above first. */
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

/** What is below a directory, hidden files too; links are followed, one that leads to what it is in is left out. Throws TemplateError. */
export function belowDirectory(top: string): Below {
  const directories: string[] = [];
  const files: string[] = [];
  const visit = (below: string, inside: readonly string[]): void => {
    const here = join(top, below);
    const real = realpathSync(here);
    if (inside.includes(real)) return;
    if (below !== '') directories.push(below);
    for (const name of readdirSync(here).sort()) {
      const path = join(below, name);
      const found = statSync(join(top, path), { throwIfNoEntry: false });
      if (!found) throw new TemplateError(`${displayPath(join(top, path))} is a link that leads nowhere`);
      if (found.isDirectory()) visit(path, [...inside, real]);
      else if (found.isFile()) files.push(path);
    }
  };
  visit('', []);
  return { directories, files };
}
