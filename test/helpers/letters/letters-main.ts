import { runCommandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';
import { lettersEntry } from './letters.ts';

// Started by second-domain.test.ts: provision with one more domain.
await runCommandLine(process.argv.slice(2), '0', [...domains, lettersEntry]);
