import { Answer, printFunction } from '../../probes/answer.ts';
import { absentStat, readStatLine, statFormat } from '../../probes/file-stat.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import type { EditedFileState } from './edited-file.ts';

/** Asks for a file that is to be edited, below the home of whoever does the task. */
export function probeHomeFile(below: string, contents: boolean): Probe<EditedFileState> {
  return scriptProbe({
    script: `${printFunction}
eval "provision_home=~$(id -un)"
provision_file=$(readlink -f -- "$provision_home"/${quote(below)}) || provision_file=$provision_home/${quote(below)}
provision_print target "$provision_file"
[ -e "$provision_file" ] || exit 0
provision_print stat "$(stat -c ${quote(statFormat)} -- "$provision_file")"
[ ! -f "$provision_file" ] || printf 'text %s\\n' "$(base64 <"$provision_file" | tr -d '\\n')"`,
    parse(output) {
      const answer = new Answer(output, `the file ${below} of the user`);
      const stat = answer.bytes('stat')?.toString() ?? '';
      return {
        target: answer.bytes('target')?.toString() ?? '',
        stat: readStatLine(stat) ?? absentStat,
        content: answer.bytes('text'),
        contents,
      };
    },
  });
}
