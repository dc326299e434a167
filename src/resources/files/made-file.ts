import type { FileStat } from '../../probes/file-stat.ts';
import { putScript } from '../../shell/put.ts';
import type { Step } from '../step.ts';
import { backupScript } from './backup.ts';
import { ownershipStep, settledOwnership } from './file-ownership.ts';
import { fileRemoval } from './file-removal.ts';

type Wanted = Parameters<typeof settledOwnership>[0] & {
  readonly path: string;
  readonly state?: string;
  readonly backup?: boolean;
};

/**
 * What a program makes on the host, put into its file, or that taken away; without another content only its owner and mode are set.
 * @param code gives sh code that prints the content
 */
export function madeFileSteps(want: Wanted, stat: FileStat, code: () => string, differs: boolean): Step[] {
  const before = want.backup ? `${backupScript(want.path)}\n` : '';
  if (want.state === 'absent') return [{ kind: 'script', script: before + fileRemoval(want.path) }];
  if (!differs) return [ownershipStep(want.path, want, stat)];
  return [{ kind: 'script', script: before + putScript(want.path, code(), settledOwnership(want, stat)) }];
}
