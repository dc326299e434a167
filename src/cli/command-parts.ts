import { type Command, InvalidArgumentError } from 'commander';

/** Makes a command report its mistakes as all of ours do; call it when its parent is known. */
export function prepare(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError(`(\`${pathOf(command)} --help\` shows more)`)
    .configureOutput({
      outputError: (text, write) => {
        const file = /unknown command '(.+\.ya?ml)'/.exec(text)?.[1];
        write(file === undefined ? text : `${text}(did you mean \`provision apply ${file}\`?)\n`);
      },
    });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** An option that may be given again: all values in order. */
export function gathered(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** An option with several values between commas, which may be given again. */
export function listed(value: string, earlier: readonly string[] = []): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  return [...earlier, ...names.filter((name) => name !== '')];
}

/** A whole number, 1 or more; anything else is a usage error. */
export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
}
