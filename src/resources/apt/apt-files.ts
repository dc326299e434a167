import { Answer, printFunction } from '../../probes/answer.ts';
import { absentStat, readStatLine, statFormat } from '../../probes/file-stat.ts';
import type { Ask } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { EditedFileState } from '../files/edited-file.ts';

/** Where a host's apt keeps its repositories and keys, and the files that were asked for. */
export interface AptFiles {
  readonly apt: boolean;
  /** Directory of lists of repositories, ending in /. */
  readonly parts: string;
  /** Directory of keys, ending in /. */
  readonly trustedParts: string;
  /** Of the release; empty where the host does not say. */
  readonly codename: string;
  readonly files: readonly EditedFileState[];
}

const shown = {
  lists: '"$provision_list" "$provision_parts"*.list',
  keys: '"$provision_key" "$provision_trusted"*.gpg "$provision_trusted"*.asc',
};

/**
 * Asks for all lists of repositories, or for all keys that apt trusts.
 * @param keyring a file of keys that is asked for in their place
 */
export function askAptFiles(what: 'lists' | 'keys', keyring?: string): Ask<ScriptOutput> {
  const files = keyring === undefined ? shown[what] : quote(keyring);
  return script(`${printFunction}
if command -v apt-config >/dev/null; then
  echo 'apt yes'
  eval "$(apt-config shell provision_list Dir::Etc::sourcelist/f provision_parts Dir::Etc::sourceparts/d provision_key Dir::Etc::trusted/f provision_trusted Dir::Etc::trustedparts/d)"
fi
provision_print parts "$provision_parts"
provision_print trusted "$provision_trusted"
( [ ! -r /etc/os-release ] || . /etc/os-release; printf 'codename %s\\n' "$VERSION_CODENAME" )
provision_number=0
for provision_file in ${files}; do
  [ -f "$provision_file" ] || continue
  provision_number=$((provision_number + 1))
  provision_print "name$provision_number" "$provision_file"
  provision_print "stat$provision_number" "$(stat -L -c ${quote(statFormat)} -- "$provision_file")"
  printf 'text%s %s\\n' "$provision_number" "$(base64 <"$provision_file" | tr -d '\\n')"
done`);
}

/** Reads what was asked. */
export function readAptFiles(output: ScriptOutput, contents: boolean): AptFiles {
  const answer = new Answer(output, 'the files of apt');
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
  return {
    apt: answer.get('apt') === 'yes',
    parts: text('parts'),
    trustedParts: text('trusted'),
    codename: answer.get('codename') ?? '',
    files,
  };
}

/** What stands for a file that is not there yet. */
export function missingFile(target: string, contents: boolean): EditedFileState {
  return { target, stat: absentStat, content: undefined, contents };
}
