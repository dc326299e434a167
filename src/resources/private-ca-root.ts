import { type Static, Type } from 'typebox';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { Answer } from './answer.ts';
import { hostPath, ownershipArguments } from './argument.ts';
import { type FileLook, lookFunction, readLook } from './files/file-look.ts';
import { ownershipChanges, ownershipStep, settledOwnership } from './files/file-ownership.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    dest: hostPath('the CA file'),
    ca: Type.String({
      minLength: 1,
      description: "directory of the private CA on the control node, made when it isn't there",
    }),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly authority_certificate?: string };

interface State {
  readonly look: FileLook;
  readonly content: string;
}

function contentChange({ dest, authority_certificate }: Args, { look, content }: State): Change[] {
  const before = look.kind === 'absent' ? '' : content;
  if (authority_certificate === undefined)
    return [{ attribute: 'content', to: 'certificate of the private CA, which is made at apply' }];
  if (look.kind !== 'absent' && content === authority_certificate) return [];
  return [{ attribute: 'content', text: { path: dest, before, after: authority_certificate } }];
}

/** The private CA's own certificate as a file on a host, for daemons that are to trust what it issued. */
export const privateCaRoot: HostResource<Args, State> = {
  kind: 'host',
  name: 'private_ca_root',
  summary: "The certificate of the playbook's own CA as a CA file on the host",
  schema,
  effect: 'contained',
  authority: 'ca',
  paths: ({ dest }) => [dest],
  probe: ({ dest }) => ({
    script: `${lookFunction}
provision_look look ${quote(dest)} -L
printf 'content %s\\n' "$(base64 2>/dev/null <${quote(dest)} | tr -d '\\n')"`,
    parse: (output) => {
      const answer = new Answer(output, dest);
      return { look: readLook(answer, 'look'), content: answer.bytes('content')?.toString('utf8') ?? '' };
    },
  }),
  refuse: ({ dest }, { look }) =>
    look.kind === 'absent' || look.kind === 'file' ? [] : [`${dest} is a ${look.kind}; move it away`],
  diff: (want, have) => [...contentChange(want, have), ...ownershipChanges(want, have.look)],
  steps: (want, _changes, have) => {
    if (contentChange(want, have).length === 0) return [ownershipStep(want.dest, want, have.look)];
    const settled = settledOwnership(want, have.look);
    const install = (certificate: string) => putScript(want.dest, printBytes(certificate), settled);
    return [{ kind: 'authority', ca: want.ca, install }];
  },
};
