import { type Static, Type } from 'typebox';
import { asking, type Probe } from '../../../probes/probe.ts';
import { hostPath, ownershipArguments } from '../../../resources/argument-schemas.ts';
import {
  diffWholeFile,
  probeWholeFile,
  refuseWholeFile,
  type WholeFile,
  type WholeFileState,
  wholeFileResult,
  writeWholeFile,
} from '../../../resources/files/whole-file.ts';
import type { Change, HostResource, SourceFile } from '../../../resources/resource.ts';
import type { Step } from '../../../resources/step.ts';
import { quote } from '../../../shell/quote.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import { type DropIn, fittedDropIn } from '../rsyslog-configuration/server-place.ts';

const schema = Type.Object(
  {
    src: Type.String({
      minLength: 1,
      description: 'Jinja2 template on the control node, looked for in `templates/`',
    }),
    dest: hostPath('where the file goes'),
    behind: hostPath('where it goes instead when a file that is read later loads a module that it needs'),
    validate: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'sh code that must succeed before a file is replaced; `$1` is that file, `$2` the new one, `$3` one that goes',
      }),
    ),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly source_file: SourceFile };

interface State {
  readonly fitted: DropIn;
  /** What is at each of the two places. */
  readonly there: WholeFileState;
  readonly other: WholeFileState;
}

function otherPlace({ dest, behind }: Args, path: string): string {
  return path === dest ? behind : dest;
}

function fileOf(want: Args, { path, content }: Pick<DropIn, 'path' | 'content'>): WholeFile {
  const { owner, group, mode, validate } = want;
  const words = [path, '%s', otherPlace(want, path)].map((word) => (word === '%s' ? word : quote(word)));
  const check = validate === undefined ? undefined : `sh -c ${quote(validate)} sh ${words.join(' ')}`;
  return { dest: path, name: undefined, content: Buffer.from(content), owner, group, mode, validate: check };
}

function isThere({ stat }: WholeFileState): boolean {
  return stat.kind !== 'absent';
}

/** A file of rsyslog that fits into what the host has. */
export const rsyslogDropIn: HostResource<Args, State> = {
  kind: 'host',
  name: 'rsyslog_drop_in',
  summary:
    'A file of rsyslog from a template: what another file loads is not loaded again, and the file is read behind whoever loads it',
  schema,
  effect: 'contained',
  source: { argument: 'src', folder: 'templates', render: true },
  paths: ({ dest, behind }) => [dest, behind],
  probe(want, options): Probe<State> {
    const { dest, behind } = want;
    const content = Buffer.from(want.source_file.content).toString();
    const at = (path: string) => probeWholeFile(fileOf(want, { path, content }), options);
    const [first, second] = [at(dest), at(behind)];
    const [one] = first.asks;
    const [two] = second.asks;
    return asking({ files: rsyslogFiles(), one, two }, ({ files, one: atDest, two: atBehind }) => {
      const fitted = fittedDropIn(files, { dest, behind, content });
      const states = [first.read([atDest]), second.read([atBehind])] as const;
      const [there, other] = fitted.path === dest ? states : ([states[1], states[0]] as const);
      return { fitted, there, other };
    });
  },
  refuse: (want, { fitted, there }) => [...fitted.faults, ...refuseWholeFile(fileOf(want, fitted), there)],
  diff(want, { fitted, there, other }) {
    const gone: Change[] = isThere(other)
      ? [{ attribute: 'state', from: otherPlace(want, fitted.path), to: fitted.path }]
      : [];
    return [...gone, ...diffWholeFile(fileOf(want, fitted), there)];
  },
  steps(want, changes, { fitted, there, other }) {
    const own = changes.filter(({ from }) => from !== otherPlace(want, fitted.path));
    const gone = quote(otherPlace(want, fitted.path));
    const removal: Step[] = isThere(other)
      ? [{ kind: 'script', script: `provision_save ${gone} || exit 1\nrm -f -- ${gone}` }]
      : [];
    return [...writeWholeFile(fileOf(want, fitted), own, there), ...removal];
  },
  result: (want, { fitted, there }, outputs) => wholeFileResult(fileOf(want, fitted), there, outputs),
};
