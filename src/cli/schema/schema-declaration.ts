import { Argument, type Command } from 'commander';
import { prepare } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import type { Tool } from '../tool.ts';
import { type SchemaKind, schemaKinds } from './schema-kinds.ts';

const examples = `
Examples:
  provision schema > playbook.schema.json   with the roles of this directory
  provision schema variables                what group_vars and host_vars hold

The first line of a file then says which schema is its own:
  # yaml-language-server: $schema=playbook.schema.json`;

/** Registers `provision schema`. */
export function declareSchema(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const kinds = new Argument('[kind]', 'what kind of file').choices(schemaKinds).default('playbook');
  const command = program
    .command('schema')
    .description(
      'print the JSON schema of playbooks or other files, with which editors complete and check them',
    )
    .summary('print JSON schemas for editors')
    .helpGroup(commandGroups.look)
    .addArgument(kinds)
    .addHelpText('after', examples);
  prepare(command);
  command.action(async (kind: SchemaKind) => {
    const { schemaText } = await import('./schema-command.ts');
    process.stdout.write(await schemaText(kind, tool, process.cwd()));
    done(0);
  });
}
