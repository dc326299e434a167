import { quote } from '../shell/quote.ts';
import type { Place, TextWish } from './path-question.ts';
import { secretMark } from './secret-mark.ts';

/**
 * Shell functions that send contents. $texts has a line for each that may have to be sent: \`N_M MOST guarded|open SUM\`,
 * SUM being \`-\` where no sum makes it needless. Each function takes the lines of a command's output, hands on those
 * texts that still may be sent, and their paths in a variable that ends in _paths, ready for eval.
 */
export const textFunctions = `text_known() { # lines of sha256sum
  first=; first_paths=; slow=; slow_paths=; guarded=; guarded_paths=; send=; last=
  for text in $texts; do
    n=\${text%%_*}; sum=\${text##* }
    eval "file=\\$file$n at=\\$link$n\\$path$n"
    [ -n "$file" ] || continue
    if [ "$sum" != - ]; then
      [ "$last" = "$n" ] || [ -z "$last" ] || [ $# = 0 ] || shift
      last=$n
      case \${1-} in "$sum"*|"\\\\$sum"*) continue ;; esac
    fi
    case $at in
    link*|*"$IFS"*) slow=$slow$IFS$text; slow_paths="$slow_paths \\"\\$path$n\\"" ;;
    *) first=$first$IFS$text; first_paths="$first_paths \\"\\$path$n\\"" ;;
    esac
  done
}
text_allowed() {
  case $text in
  *' guarded '*) guarded=$guarded$IFS$text; guarded_paths="$guarded_paths \\"\\$path$n\\"" ;;
  *) send=$send$IFS$text ;;
  esac
}
text_sized() { # lines of stat, first those of the first texts
  for text in $first; do
    n=\${text%%_*}; most=\${text#* }
    eval "at=\\$path$n"
    case \${1-} in *"\t$at") ;; *) continue ;; esac
    size=\${1#* * * }
    [ "\${size%% *}" -gt "\${most%% *}" ] || text_allowed
    shift
  done
}
text_measured() { # sizes
  for text in $slow; do
    n=\${text%%_*}; most=\${text#* }
    case \${1:-x} in *[!0-9]*) ;; *) [ "$1" -gt "\${most%% *}" ] || text_allowed ;; esac
    [ $# = 0 ] || shift
  done
}
text_harmless() { # how often each holds what marks a key
  [ $# = $count ] || return 0
  for text in $guarded; do
    [ "$1" != 0 ] || send=$send$IFS$text
    shift
  done
}
text_send() {
  eval "set -- $slow_paths"
  [ $# = 0 ] || text_measured $(stat -L -c %s -- "$@")
  eval "set -- $guarded_paths"
  count=$#
  [ $# = 0 ] || text_harmless $(grep -c -h -a -e ${quote(secretMark)} -- "$@")
  for text in $send; do
    eval "at=\\$path\${text%%_*}"
    printf 'content %s ' "\${text%% *}"; base64 -- "$at"; printf ' %s' "$?"; part content
  done
}`;

/** The line of $texts for each text of a place. */
export function textLines({ texts }: Place, n: number): readonly string[] {
  return texts.map(({ most, secrets, unlessSum = '-' }: TextWish, index) =>
    [`${n}_${index}`, most, secrets ? 'open' : 'guarded', unlessSum].join(' '),
  );
}
