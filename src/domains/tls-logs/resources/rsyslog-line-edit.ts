import type { ScriptStep } from '../../../resources/step.ts';
import { putScript } from '../../../shell/put.ts';
import { quote } from '../../../shell/quote.ts';
import type { LineChange } from '../rsyslog-configuration/line-change.ts';

/**
 * The steps that change single lines of files, each line only while it is what was seen.
 * @param validate sh code that must succeed before a file is replaced; `$1` is that file, `$2` the new one
 */
export function lineEdits(changes: readonly LineChange[], validate?: string): readonly ScriptStep[] {
  const files = [...new Set(changes.map(({ file }) => file))];
  return files.map((file) => {
    // Two changes of one line are one edit.
    const own = new Map(changes.filter((one) => one.file === file).map((one) => [one.line, one]));
    return editScript(file, [...own.values()], validate);
  });
}

function editScript(file: string, lines: readonly LineChange[], validate: string | undefined): ScriptStep {
  const cases = lines.map(({ line, text, lines: wanted }) => {
    const print = wanted.map((one) => `printf '%s\\n' ${quote(one)}`).join('; ');
    return `  ${line}:${quote(text)}) edits=$((edits + 1)); ${print || ':'} ;;`;
  });
  const source = `number=0 edits=0
while IFS= read -r line || [ -n "$line" ]; do
  number=$((number + 1))
  case $number:$line in
${cases.join('\n')}
  *) printf '%s\\n' "$line" ;;
  esac
done <${quote(file)}
[ "$edits" = ${lines.length} ] || { echo ${quote(`${file} was changed by someone else meanwhile; run again`)} >&2; false; }`;
  const check = validate === undefined ? undefined : `set -- ${quote(file)} "$1"\n${validate}`;
  return { kind: 'script', script: putScript(file, source, {}, check) };
}
