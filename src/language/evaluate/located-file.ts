import type { ScopePlace } from './scope-world.ts';

/** Where a file lies that a task names, by the folders that its resource looks into. */
export function locatedFor({ task, files }: ScopePlace, name: string): string | undefined {
  // An include may be one of tasks or one of variables.
  const including = task?.resource === 'include_tasks' ? ['tasks', 'vars'] : [];
  const folders = task?.resource === 'template' ? ['templates', 'files'] : [...including, 'files'];
  for (const folder of folders) {
    const found = files?.locate(name, folder);
    if (found !== undefined) return found;
  }
  return undefined;
}
