import type { Option } from 'commander';
import { type CompletionKind, completedOptions } from '../../src/cli/completion/completion-kinds.ts';
import type { TypedWords } from './command-words.ts';

/** An option as shells complete it. */
export interface TypedOption {
  /** `-l`, `--limit`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Its value is a file, or begins with @ and a file. */
  readonly takesFile: boolean;
  /** What of the playbook its value is made of. */
  readonly kind: CompletionKind | undefined;
}

/** The options of a command. */
export function typedOptions({ options }: TypedWords): readonly TypedOption[] {
  return options.map(typedOption);
}

function typedOption({ short, long, description, required, optional, flags }: Option): TypedOption {
  const takesValue = required || optional;
  return {
    names: [short, long].filter((name) => name !== undefined && name !== null),
    description,
    takesValue,
    takesFile: takesValue && /<(?:file|dir|directory|vars)>/.test(flags),
    kind: completedOptions[long ?? ''],
  };
}

/** All options whose values are made of words of the playbook: their names and the kind. */
export function kindOptions(commands: readonly TypedWords[]): readonly TypedOption[] {
  const all = commands.flatMap(typedOptions).filter(({ kind }) => kind !== undefined);
  return [...new Map(all.map((option) => [option.names.join(), option])).values()];
}
