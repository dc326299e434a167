#!/usr/bin/env node
// An old Node must be able to read this file and say what is wrong: nothing else is loaded before the check.
import { readFileSync, writeSync } from 'node:fs';
import { commandLineModule } from './command-line-module.ts';
import { nodeComplaint } from './node-version.ts';

const facts = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const complaint = nodeComplaint(process.version, facts.engines.node, process.argv[1] ?? 'dist/cli/main.js');
const words = process.argv.slice(2);
if (complaint !== undefined) {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
} else if (words.length !== 1 || words[0] !== '--version' || !printed(`${facts.version}\n`)) {
  // It also says why a version could not be printed.
  void commandLineModule(words[0] ?? '').then(({ runCommandLine }) => runCommandLine(words, facts.version));
}

/** Whether stdout took a short text: without process.stdout, whose making takes an eighth of the time that Node takes to start. */
function printed(text: string): boolean {
  try {
    return writeSync(1, text) === text.length;
  } catch {
    return false;
  }
}
