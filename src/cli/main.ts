#!/usr/bin/env node
// An old Node must be able to read this file and say what is wrong: nothing else is loaded before the check.
import { readFileSync } from 'node:fs';
import { nodeComplaint } from './node-version.ts';

const facts = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const complaint = nodeComplaint(process.version, facts.engines.node, process.argv[1] ?? 'dist/cli/main.js');
if (complaint === undefined) {
  const { runCommandLine } = await import('./command-line.ts');
  await runCommandLine(process.argv.slice(2), facts.version);
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
