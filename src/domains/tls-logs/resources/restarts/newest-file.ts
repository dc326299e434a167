import type { Answer } from '../../../../probes/answer.ts';
import { globWord } from '../../../../resources/commands/command-run.ts';

/**
 * sh code that prints as `newest` when and which of these paths changed last, and `there` when there is any of them.
 * A directory means all below it; patterns are expanded; a link counts, and what it leads to, and links on the way there.
 * What is dated later than the host's own clock is left out: it says nothing.
 */
export function tellNewest(paths: readonly string[]): string {
  return `provision_links() (
  way=$1
  while [ -n "$way" ]; do
    if [ -L "$way" ]; then
      stat -c '%.Z %n' -- "$way"
      to=$(readlink -- "$way")
      case $to in /*) ;; *) to=\${way%/*}/$to ;; esac
      [ "$2" = 0 ] || provision_links "$to" "$(($2 - 1))"
    fi
    way=\${way%/*}
  done
)
provision_changes() {
  for path in ${paths.map(globWord).join(' ')}; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    provision_links "$path" 9
    find "$path" -exec stat -c '%.Z %n' -- {} +
    find -L "$path" -exec stat -L -c '%.Z %n' -- {} +
  done 2>/dev/null
}
changes=$(provision_changes | grep '^[0-9][0-9.]* /')
[ -z "$changes" ] || echo 'there yes'
now=$(date +%s.%N)
printf 'newest %s\\n' "$(printf '%s now\\n%s\\n' "$now" "$changes" | LC_ALL=C sort -rn | sed -n '/ now$/{n;p;q;}')"`;
}

/** What changed last. */
export interface NewestFile {
  readonly path: string;
  /** Seconds as `date` counts them. */
  readonly changed: number;
}

/** Whether any of the paths is there. */
export function isThere(answer: Answer): boolean {
  return answer.get('there') === 'yes';
}

/** Undefined when nothing is there, or all is dated later than now. */
export function readNewest(answer: Answer): NewestFile | undefined {
  const [changed = '', ...path] = answer.need('newest').split(' ');
  return changed === '' ? undefined : { changed: Number(changed), path: path.join(' ') };
}
