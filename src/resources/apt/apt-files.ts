import { Answer, printFunction } from '../../probes/answer.ts';
import type { Ask } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { EditedFileState } from '../files/edited-file.ts';
import { listFilesCode, readListedFiles } from '../files/listed-files.ts';

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
${listFilesCode(files)}`);
}

/** Reads what was asked. */
export function readAptFiles(output: ScriptOutput, contents: boolean): AptFiles {
  const answer = new Answer(output, 'the files of apt');
  const text = (key: string) => answer.bytes(key)?.toString() ?? '';
  return {
    apt: answer.get('apt') === 'yes',
    parts: text('parts'),
    trustedParts: text('trusted'),
    codename: answer.get('codename') ?? '',
    files: readListedFiles(answer, contents),
  };
}
