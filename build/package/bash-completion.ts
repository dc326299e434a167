import type { Option } from 'commander';
import type { TypedWords } from './command-words.ts';

/** What bash completes behind `provision`: commands, their options, and files where a file is wanted. */
export function bashCompletion(commands: readonly TypedWords[]): string {
  return `# Completion of provision for bash.
_provision() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path=provision word
  local below='' options='' values='' files='' wanted=''
  COMPREPLY=()
  _provision_words "$path"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ " $below " == *" $word "* ]]; then
      path+=" $word"
      _provision_words "$path"
    fi
  done
  if [[ " $files " == *" $previous "* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "\${current%%[!@]*}" -f -- "\${current#@}")
  elif [[ " $values " == *" $previous "* ]]; then
    return
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ -n $below ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$below" -- "$current")
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

complete -F _provision provision
`;
}

function words({ path, options, below, arguments: wanted }: TypedWords): string {
  const valued = options.filter((option) => option.required || option.optional);
  const files = valued.filter(({ flags }) => /<(?:file|dir|directory|vars)>/.test(flags));
  const parts = {
    below: below.join(' '),
    options: names(options),
    values: names(valued),
    files: names(files),
    wanted: wanted.map((argument) => argument.name()).join(' '),
  };
  const set = Object.entries(parts).map(([name, value]) => `${name}='${value}'`);
  return `    '${path.join(' ')}') ${set.join(' ')} ;;`;
}

function names(options: readonly Option[]): string {
  return options.flatMap(({ short, long }) => [short, long].filter((name) => name !== undefined)).join(' ');
}
