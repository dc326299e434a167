import type { TypedWords } from './command-words.ts';
import { kindOptions, type TypedOption, typedOptions } from './typed-options.ts';

/** What zsh completes behind `provision`, with a word on each command and option. */
export function zshCompletion(commands: readonly TypedWords[]): string {
  return `#compdef provision
# Completion of provision for zsh.
_provision() {
  local current=$words[CURRENT] previous=$words[CURRENT-1] place=provision word last playbook kind values files wanted
  local -a below options choices inventory found
  _provision_words $place
  for word in $words[2,CURRENT-1]; do
    if [[ -n \${below[(r)$word:*]} ]]; then
      place+=" $word"
      _provision_words $place
    fi
    if [[ $word == *.(yml|yaml) ]]; then
      if [[ $last == (-i|--inventory) ]]; then inventory=(-i $word); else playbook=$word; fi
    fi
    last=$word
  done
  case $previous in
${kindOptions(commands)
  .map(({ names, kind }) => `    (${names.join('|')}) kind=${kind} ;;`)
  .join('\n')}
  esac
  if [[ " $files " == *" $previous "* && ( $kind != variables || $current == @* ) ]]; then
    compset -P @
    _files
  elif [[ -n $kind ]]; then
    [[ -n $playbook ]] || return 1
    found=(\${(f)"$(provision complete-words $kind $playbook $inventory 2>/dev/null)"})
    case $kind in
      (hosts|tags) compset -P '*[,:!&]'; compadd -a found ;;
      (variables) compadd -S = -a found ;;
      (*) compadd -a found ;;
    esac
  elif [[ " $values " == *" $previous "* ]]; then
    return 1
  elif [[ $current == -* ]]; then
    _describe -o option options
  elif (( $#below )); then
    _describe command below
  elif (( $#choices )); then
    compadd -a choices
  elif [[ $wanted == *playbook* ]]; then
    _files -g '*.(yml|yaml)'
  fi
}

_provision_words() {
  case $1 in
${commands.map((command) => words(command, commands)).join('\n')}
  esac
}

_provision "$@"
`;
}

function words(command: TypedWords, commands: readonly TypedWords[]): string {
  const { path, below, arguments: wanted } = command;
  const options = typedOptions(command);
  const names = (some: readonly TypedOption[]) => some.flatMap((option) => option.names).join(' ');
  const child = (name: string) => commands.find((one) => one.path.join(' ') === [...path, name].join(' '));
  const lists = {
    below: below.map((name) => described(name, child(name)?.description ?? '')),
    options: options.flatMap((option) => option.names.map((name) => described(name, option.description))),
    choices: wanted.flatMap((argument) => (argument.argChoices ?? []).map(quoted)),
  };
  const texts = {
    values: names(options.filter((option) => option.takesValue)),
    files: names(options.filter((option) => option.takesFile)),
    wanted: wanted.map((argument) => argument.name()).join(' '),
  };
  const set = [
    ...Object.entries(lists).map(([name, list]) => `${name}=(${list.join(' ')})`),
    ...Object.entries(texts).map(([name, text]) => `${name}=${quoted(text)}`),
  ];
  return `    (${quoted(path.join(' '))}) ${set.join(' ')} ;;`;
}

// A colon parts a word from what is said of it.
function described(name: string, description: string): string {
  return quoted(`${name.replaceAll(':', '\\:')}:${description}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
