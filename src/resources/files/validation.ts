import { quote } from '../../shell/quote.ts';
import { splitWords } from '../commands/word-split.ts';

/** Why a `validate` command cannot be used; undefined when it can. */
export function validationFault(command: string | undefined): string | undefined {
  return command !== undefined && splitWords(command) === undefined
    ? `validate: a quote in ${JSON.stringify(command)} is not closed`
    : undefined;
}

/** sh code that runs a `validate` command on the file `$1`; each %s stands for its path. */
export function validationCode(command: string | undefined): string | undefined {
  if (command === undefined) return undefined;
  return (splitWords(command) ?? [])
    .map(
      (word) =>
        word
          .split('%s')
          .map((part) => (part === '' ? '' : quote(part)))
          .join('"$1"') || "''",
    )
    .join(' ');
}
