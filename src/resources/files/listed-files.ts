import type { Answer } from '../../probes/answer.ts';
import { absentStat, readStatLine, statFormat } from '../../probes/file-stat.ts';
import { quote } from '../../shell/quote.ts';
import type { EditedFileState } from './edited-file.ts';

/**
 * sh code, behind `printFunction`, that prints the files that patterns name, whole.
 * @param patterns words of the shell
 */
export function listFilesCode(patterns: string): string {
  return `provision_number=0
for provision_file in ${patterns}; do
  [ -f "$provision_file" ] || continue
  provision_number=$((provision_number + 1))
  provision_print "name$provision_number" "$provision_file"
  provision_print "stat$provision_number" "$(stat -L -c ${quote(statFormat)} -- "$provision_file")"
  printf 'text%s %s\\n' "$provision_number" "$(base64 <"$provision_file" | tr -d '\\n')"
done`;
}

/** Reads what was printed. */
export function readListedFiles(answer: Answer, contents: boolean): readonly EditedFileState[] {
  const text = (key: string) => answer.bytes(key)?.toString() ?? '';
  const files: EditedFileState[] = [];
  for (let number = 1; answer.get(`name${number}`) !== undefined; number += 1) {
    files.push({
      target: text(`name${number}`),
      stat: readStatLine(text(`stat${number}`)) ?? absentStat,
      content: answer.bytes(`text${number}`) ?? Buffer.alloc(0),
      contents,
    });
  }
  return files;
}

/** What stands for a file that is not there yet. */
export function missingFile(target: string, contents: boolean): EditedFileState {
  return { target, stat: absentStat, content: undefined, contents };
}
