import { globWord } from '../../../../shell/glob-word.ts';
import { quote } from '../../../../shell/quote.ts';

/**
 * sh code with a function `strayed`: looks for the tokens that are still waited for in other files too, where a line arrives that carries
 * another name.
 * @param patterns of those files; without any there is nothing to look for
 * @param known files that are looked at anyway
 */
export function strayLines(patterns: readonly string[], known: readonly string[]): string {
  return `known=${quote(`${known.join('\n')}\n`)}
strays() {
  n=$#
  for file; do
    case $provision_line$known in
    *"$provision_line$file$provision_line"*) ;;
    *) [ ! -f "$file" ] || set -- "$@" "$file" ;;
    esac
  done
  shift "$n"
  [ $# = 0 ] || arrived "$(tail -q -c 65536 -- "$@" 2>/dev/null | grep -a -F -e "$tokens")"
}
strayed() { ${patterns.length === 0 ? ':' : `strays ${patterns.map(globWord).join(' ')}`}; }`;
}
