import type { TypedWords } from './command-words.ts';
import { kindOptions, type TypedOption, typedOptions } from './typed-options.ts';

/** What bash completes behind `provision`: commands, their options, files where a file is wanted, and words of the playbook. */
export function bashCompletion(commands: readonly TypedWords[]): string {
  return `# Completion of provision for bash.
_provision() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path=provision word last=''
  local below='' options='' values='' files='' wanted='' choices='' playbook='' inventory=() kind=''
  COMPREPLY=()
  _provision_words "$path"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ " $below " == *" $word "* ]]; then
      path+=" $word"
      _provision_words "$path"
    fi
    case $word in *.yml | *.yaml) [[ $last == -i || $last == --inventory ]] && inventory=(-i "$word") || playbook=$word ;; esac
    last=$word
  done
  _provision_kind "$previous"
  if [[ " $files " == *" $previous "* && ($kind != variables || $current == @*) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "\${current%%[!@]*}" -f -- "\${current#@}")
  elif [[ -n $kind ]]; then
    [[ -n $playbook ]] || return
    [[ $kind != variables ]] || compopt -o nospace 2>/dev/null
    local lead='' words
    [[ $kind != tags && $kind != hosts ]] || lead=\${current%"\${current##*[,:!&]}"}
    mapfile -t words < <(provision complete-words "$kind" "$playbook" "\${inventory[@]}" 2>/dev/null)
    [[ $kind != variables ]] || words=("\${words[@]/%/=}")
    local IFS=$'\\n'
    mapfile -t COMPREPLY < <(compgen -P "$lead" -W "\${words[*]}" -- "\${current#"$lead"}")
  elif [[ " $values " == *" $previous "* ]]; then
    return
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ -n $below$choices ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$below $choices" -- "$current")
  elif [[ $wanted == *playbook* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
      compgen -f -X '!*.yml' -- "$current"
      compgen -f -X '!*.yaml' -- "$current"
      compgen -d -- "$current"
    )
  fi
}

_provision_words() {
  case $1 in
${commands.map(words).join('\n')}
  esac
}

_provision_kind() {
  case $1 in
${kindOptions(commands)
  .map(({ names, kind }) => `    ${names.join(' | ')}) kind=${kind} ;;`)
  .join('\n')}
  esac
}

complete -F _provision provision
`;
}

function words(command: TypedWords): string {
  const { path, below, arguments: wanted } = command;
  const options = typedOptions(command);
  const names = (some: readonly TypedOption[]) => some.flatMap((option) => option.names).join(' ');
  const parts = {
    below: below.join(' '),
    options: names(options),
    values: names(options.filter((option) => option.takesValue)),
    files: names(options.filter((option) => option.takesFile)),
    wanted: wanted.map((argument) => argument.name()).join(' '),
    choices: wanted.flatMap((argument) => argument.argChoices ?? []).join(' '),
  };
  const set = Object.entries(parts).map(([name, value]) => `${name}='${value}'`);
  return `    '${path.join(' ')}') ${set.join(' ')} ;;`;
}
