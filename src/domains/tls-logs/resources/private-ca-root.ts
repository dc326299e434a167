import { type Static, Type } from 'typebox';
import { hostPath, ownershipArguments } from '../../../resources/argument-schemas.ts';
import {
  ownershipChanges,
  ownershipStep,
  settledOwnership,
} from '../../../resources/files/file-ownership.ts';
import type { Change, HostResource } from '../../../resources/resource.ts';
import { printBytes, putScript } from '../../../shell/put.ts';
import { certificateBlocks, readBlock } from '../certificates/certificate.ts';
import {
  type PrivateCaWish,
  privateCaArguments,
  privateCaKnowledge,
  privateCaSeen,
} from './files/private-ca-arguments.ts';
import {
  certificatesText,
  keepOthers,
  keptIn,
  type TrustFile,
  trustResult,
  wholeTrustProbe,
} from './files/trust-file.ts';

const schema = Type.Object(
  {
    dest: hostPath('the CA file'),
    ...privateCaArguments,
    keep_others: keepOthers,
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & PrivateCaWish;

// The CA's own file may hold several certificates: while it is replaced, the next one beside the present one.
function fingerprints(certificates: string): readonly string[] {
  return certificateBlocks(certificates).flatMap((block) => readBlock(block)?.fingerprint256 ?? []);
}

function text(certificates: string, want: Args, have: TrustFile): string {
  const others = certificatesText(keptIn(want, have, fingerprints(certificates)));
  return others === '' ? certificates : `${certificates.trimEnd()}\n${others}`;
}

function contentChange(want: Args, have: TrustFile): Change[] {
  const { dest, authority_certificate: authority } = want;
  const before = have.stat.kind === 'absent' ? '' : have.content;
  if (authority === undefined)
    return [{ attribute: 'content', to: 'certificate of the private CA, which is made at apply' }];
  const after = text(authority, want, have);
  if (have.stat.kind !== 'absent' && before === after) return [];
  return [{ attribute: 'content', text: { path: dest, before, after } }];
}

/** The private CA's own certificate as a file on a host, for daemons that are to trust what it issued. */
export const privateCaRoot: HostResource<Args, TrustFile> = {
  kind: 'host',
  name: 'private_ca_root',
  summary: "The certificate of the playbook's own CA as a CA file on the host",
  schema,
  effect: 'contained',
  lateArguments: privateCaKnowledge,
  paths: ({ dest }) => [dest],
  probe: ({ dest, authority_certificate: authority = '' }) => wholeTrustProbe(dest, authority),
  refuse: ({ dest, ca, authority_certificate: authority }, { stat }) => [
    ...(stat.kind === 'absent' || stat.kind === 'file' ? [] : [`${dest} is a ${stat.kind}; move it away`]),
    ...(authority?.includes('PRIVATE KEY-----')
      ? [
          `the certificate file of the private CA in ${ca} holds a private key, which would be given to ${dest}; take it out`,
        ]
      : []),
  ],
  diff: (want, have) => [...contentChange(want, have), ...ownershipChanges(want, have.stat)],
  steps: (want, _changes, have) => {
    if (contentChange(want, have).length === 0) return [ownershipStep(want.dest, want, have.stat)];
    const settled = settledOwnership(want, have.stat);
    const install = (certificate: string) =>
      putScript(want.dest, printBytes(text(certificate, want, have)), settled);
    return [{ kind: 'tls-logs:authority', ca: want.ca, permitted: want.permitted_names, install }];
  },
  result: (want, have, outputs) =>
    trustResult(want, have, fingerprints(want.authority_certificate ?? ''), outputs),
  observations: (want) => [privateCaSeen(want)],
};
