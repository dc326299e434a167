import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import type { LineChange } from '../rsyslog-configuration/line-change.ts';
import { untakenLines } from '../rsyslog-configuration/take-over.ts';
import { lineEdits } from './rsyslog-line-edit.ts';

const schema = Type.Object(
  { aside: hostPath('directory in which rsyslog_take_over kept whole files') },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  /** Paths at which files that were set aside stood. */
  readonly files: readonly { readonly path: string; readonly taken: boolean }[];
  readonly lines: readonly LineChange[];
}

// Below etc alone: nothing else is ever put back.
function listScript({ aside }: Args): string {
  return `[ -d ${quote(`${aside}/etc`)} ] || exit 0
cd ${quote(aside)} && find etc -type f -name '*.conf' | while IFS= read -r file; do
  if [ -e "/$file" ]; then printf 'taken %s\\n' "$file"; else printf 'free %s\\n' "$file"; fi
done`;
}

function readList(text: string): State['files'] {
  return text.split('\n').flatMap((line) => {
    const [, word, path = ''] = /^(taken|free) (etc\/(?!.*\.\.(?:\/|$)).+)$/.exec(line) ?? [];
    return word === undefined ? [] : [{ path: `/${path}`, taken: word === 'taken' }];
  });
}

/** Puts back what a take-over set aside. */
export const rsyslogPutBack: HostResource<Args, State> = {
  kind: 'host',
  name: 'rsyslog_put_back',
  summary: 'Put back what rsyslog_take_over set aside: whole files, and lines that became comments',
  schema,
  effect: 'contained',
  paths: ({ aside }) => ['/etc/rsyslog.conf', '/etc/rsyslog.d/', `${aside}/`],
  probe: (want) =>
    asking({ files: rsyslogFiles(), list: script(listScript(want)) }, ({ files, list }) => ({
      files: readList(list.stdout),
      lines: untakenLines(files),
    })),
  refuse: ({ aside }, { files }) =>
    files
      .filter(({ taken }) => taken)
      .map(
        ({ path }) =>
          `${path} is there again, and its earlier self lies in ${aside}${path}: remove the one that is not wanted`,
      ),
  diff: ({ aside }, { files, lines }) => [
    ...files.map(({ path }) => ({ attribute: path, from: `set aside in ${aside}`, to: 'in use again' })),
    ...lines.map(({ file, line }) => ({
      attribute: `${file}:${line}`,
      from: 'a comment',
      to: 'in use again',
    })),
  ],
  steps: ({ aside }, _changes, { files, lines }) => [
    ...files.map(({ path }) => ({
      kind: 'script' as const,
      script: `provision_save ${quote(path)} || exit 1\nmv -f -- ${quote(`${aside}${path}`)} ${quote(path)}`,
    })),
    ...lineEdits(lines),
  ],
};
