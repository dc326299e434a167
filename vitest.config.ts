import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

// Most files start real processes and wait for them: more at a time than a small machine has processors. Hosts work meanwhile.
const atOnce = { unit: 4, lab: 3 };

export default defineConfig({
  test: {
    // A golden file that is missing is a failure too; `npm run golden` writes them.
    update: 'none',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // Tests of several files share a process and the modules in it: half of the time went into loading those anew.
          isolate: false,
          setupFiles: ['test/helpers/cli/left-behind.ts'],
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/helpers/cli/run-folder.ts'],
          // For a machine that is busy with something else, too: what hangs is found all the same.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: atOnce.unit,
          restoreMocks: true,
          unstubEnvs: true,
        },
      },
      {
        test: {
          name: 'lab',
          setupFiles: ['test/helpers/lab/exit-code.ts'],
          include: ['test/lab/**/*.test.ts'],
          exclude: ['test/lab/img/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: atOnce.lab,
        },
      },
    ],
  },
});
