import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument.ts';
import { type FileLook, lookFunction, readLook } from './files/file-look.ts';
import type { HostResource } from './resource.ts';

/** Larger files are not fetched. */
const slurpedBytes = 8 * 1024 * 1024;

const schema = Type.Object({ src: hostPath('the file to read') }, { additionalProperties: false });

interface State {
  readonly look: FileLook;
  /** Base64. */
  readonly content: string | undefined;
}

/** Fetches a file's content. */
export const slurp: HostResource<Static<typeof schema>, State> = {
  kind: 'host',
  name: 'slurp',
  summary: 'Fetch the content of a file, in base64',
  schema,
  effect: 'read',
  follows: () => true,
  paths: (want) => [posix.normalize(want.src)],
  probe(want) {
    const path = quote(want.src);
    const script = [
      lookFunction,
      `provision_look file ${path} -L`,
      `if [ -f ${path} ] && [ "$(stat -L -c %s -- ${path})" -le ${slurpedBytes} ]; then`,
      `  provision_out=$(base64 <${path}) || exit 1`,
      `  printf 'content '; printf '%s' "$provision_out" | tr -d '\\n'; echo`,
      'fi',
    ].join('\n');
    return scriptProbe({
      script,
      parse(output) {
        const answer = new Answer(output, want.src);
        return { look: readLook(answer, 'file'), content: answer.get('content') };
      },
    });
  },
  refuse(want, { look, content }) {
    if (look.kind === 'absent') return [`${want.src} does not exist on the host`];
    if (look.kind !== 'file') return [`${want.src} is a ${look.kind}, not a regular file`];
    return content === undefined ? [`${want.src} is larger than ${slurpedBytes / 1024 / 1024} MiB`] : [];
  },
  diff: () => [],
  steps: () => [],
  result: (want, have) => ({ content: have.content ?? '', encoding: 'base64', source: want.src }),
};
