import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFitted, writeLines } from '../../report/screen.ts';
import { visibleText } from '../../report/visible-text.ts';
import { openTerminal } from '../terminal.ts';
import type { Tool } from '../tool.ts';
import { importData, importLines, isComplete } from './import-report.ts';
import { importProject } from './project-import.ts';

/** `provision import DIR`: what of an Ansible project runs as it is; returns the exit code, 2 where something does not. */
export async function importAnsible(
  directory: string,
  { color, json }: { readonly color: boolean; readonly json?: boolean },
  tool: Tool,
): Promise<number> {
  const { stdout, stderr } = openTerminal(color);
  const top = resolve(directory);
  if (!statSync(top, { throwIfNoEntry: false })?.isDirectory()) {
    writeLines(stderr, [`${directory} is no directory`, '  hint: name the directory of an Ansible project']);
    return 1;
  }
  const project = await importProject(top, tool);
  if (project.judgement.files.length === 0) {
    writeLines(stderr, [
      `${directory} holds no playbooks and no roles`,
      '  hint: name the directory that has them, or in which roles/ is',
    ]);
    return 1;
  }
  if (json) stdout.stream.write(`${JSON.stringify(importData(project, tool.version))}\n`);
  else writeFitted(stdout, importLines(project).map(visibleText));
  return isComplete(project) ? 0 : 2;
}
