import type { TypedWords } from './command-words.ts';
import { type TypedOption, typedOptions } from './typed-options.ts';

/** What fish completes behind `provision`, with a word on each command and option. */
export function fishCompletion(commands: readonly TypedWords[]): string {
  const places = commands.map(({ path }) => quoted(path.join(' '))).join(' ');
  return `# Completion of provision for fish.
function __provision_place
    set -l place provision
    for word in (commandline -opc)[2..]
        contains -- "$place $word" ${places}; and set place "$place $word"
    end
    test "$place" = "$argv"
end

function __provision_words
    set -l words (commandline -opc)
    set -l inventory
    set -l playbook
    for n in (seq (count $words))
        string match -qr '[.]ya?ml$' -- $words[$n]; or continue
        if test $n -gt 1; and contains -- $words[(math $n - 1)] -i --inventory
            set inventory -i $words[$n]
        else
            set playbook $words[$n]
        end
    end
    test -n "$playbook"; and provision complete-words $argv[1] $playbook $inventory 2>/dev/null | string replace -r '$' "$argv[2]"
end

complete -c provision -f
${commands.flatMap((command) => lines(command, commands)).join('\n')}
`;
}

function lines(command: TypedWords, commands: readonly TypedWords[]): readonly string[] {
  const { path, below, arguments: wanted } = command;
  const here = `complete -c provision -n ${quoted(`__provision_place ${path.join(' ')}`)}`;
  const child = (name: string) => commands.find((one) => one.path.join(' ') === [...path, name].join(' '));
  const choices = wanted.flatMap((argument) => argument.argChoices ?? []);
  const takesPlaybook = wanted.some((argument) => argument.name().includes('playbook'));
  return [
    ...below.map((name) => `${here} -a ${name} -d ${quoted(child(name)?.description ?? '')}`),
    ...(choices.length > 0 ? [`${here} -a ${quoted(choices.join(' '))}`] : []),
    ...(takesPlaybook ? [`${here} -k -a '(__fish_complete_suffix .yml .yaml)'`] : []),
    ...typedOptions(command).map((option) => `${here} ${words(option)}`),
  ];
}

function words({ names, description, takesValue, takesFile, kind }: TypedOption): string {
  const called = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const values =
    kind !== undefined
      ? [takesFile ? '-rF' : '-x', `-a '(__provision_words ${kind}${kind === 'variables' ? ' =' : ''})'`]
      : takesFile
        ? ['-rF']
        : takesValue
          ? ['-x']
          : [];
  return [...called, ...values, `-d ${quoted(description)}`].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
