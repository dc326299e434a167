import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { statePrelude } from '../../../src/runner/state-directories.ts';
import type { Shell } from '../resources/shell-host.ts';

/** A folder for each test, and a shell in which what provision keeps on a host lies there. */
export interface StateShell {
  readonly root: string;
  /** sh code that begins each script: root's own directories are fixed, so they are moved after the prelude. */
  readonly prelude: string;
  sh(
    script: string,
    shell?: Shell,
  ): { readonly code: number | null; readonly stdout: string; readonly stderr: string };
}

/** Gives each test of the file a fresh folder, gone with it. */
export function stateShell(): StateShell {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'provision-state-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const prelude = () => `${statePrelude}\nprovision_state=${root}/state provision_run=${root}/run`;
  return {
    get root() {
      return root;
    },
    get prelude() {
      return prelude();
    },
    sh(script, [command, ...args] = ['sh', '-s']) {
      const input = `${prelude()}\n( ${script}\n)`;
      const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8' });
      return { code: status, stdout, stderr };
    },
  };
}
