import type { Answer } from '../../probes/answer.ts';
import { absentLook, type FileLook, lookFormat, readLookLine, saysAbsent } from '../../probes/file-look.ts';
import { ProbeError } from '../../probes/probe-error.ts';

export type { FileLook };

/** Shell function `provision_look KEY PATH [-L]`: one line of an answer about a path, whatever is there. */
export const lookFunction = `provision_look() {
  if provision_out=$(LC_ALL=C stat $3 -c '${lookFormat}' -- "$2" 2>&1); then
    printf '%s stat %s\\n' "$1" "$provision_out"
  else
    printf '%s error %s\\n' "$1" "$(printf '%s' "$provision_out" | tr '\\n' ' ')"
  fi
}`;

/** Reads a line that \`provision_look\` printed. */
export function readLook(answer: Answer, key: string): FileLook {
  const line = answer.need(key);
  if (line.startsWith('error ')) {
    if (saysAbsent(line)) return absentLook;
    throw new ProbeError(`cannot look: ${line.slice(6).trim()}`);
  }
  const look = readLookLine(line.slice('stat '.length));
  if (!look) throw new ProbeError(`the host's answer makes no sense: ${JSON.stringify(line)}`);
  return look;
}
