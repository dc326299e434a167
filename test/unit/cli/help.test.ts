import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';

const program = commandLine(undefined, { version: '1', domains, settings: {} }, () => {});
const all = below(program);

function below(command: Command): readonly Command[] {
  return [command, ...command.createHelp().visibleCommands(command).flatMap(below)];
}

// As a terminal of that many columns shows it.
function helpOf(command: Command, width: number): string {
  let text = '';
  command
    .configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
      getOutHelpWidth: () => width,
    })
    .outputHelp();
  return text;
}

test('commands and options stand in groups, what a newcomer needs first', async () => {
  await expect(helpOf(program, 80)).toMatchFileSnapshot('golden/help.txt');
  const apply = all.find((command) => command.name() === 'apply');
  await expect(apply ? helpOf(apply, 80) : '').toMatchFileSnapshot('golden/help-apply.txt');
});

test('of each command the list has one line', () => {
  const lines = helpOf(program, 80).split('\n');
  expect(lines.filter((line) => /^ {4}/.test(line))).toEqual([]);
  expect(lines).not.toContain('Commands:');
});

describe.each(all.map((command) => [command.name(), command] as const))('help of %s', (_name, command) => {
  test('fits 80 columns', () => {
    expect(
      helpOf(command, 80)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });
});
