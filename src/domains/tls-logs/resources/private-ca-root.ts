import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
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
import { issuedLook, mayHaveIssued, revokedIssuers } from '../private-ca/issued-look.ts';
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
  othersLeft,
  type TrustFile,
  wholeTrustProbe,
} from './files/trust-file.ts';

const schema = Type.Object(
  {
    dest: hostPath('the CA file'),
    ...privateCaArguments,
    keep_others: keepOthers,
    keep_revoked: Type.Boolean({
      default: true,
      description:
        'false: of the certificates that `keep_others` keeps, those of earlier CAs go that issued what is revoked now',
    }),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> &
  PrivateCaWish & {
    /** Serial numbers of CA certificates that issued what is revoked now; undefined among them: of one that is not known. */
    readonly revoked_issuers?: ReadonlySet<string | undefined> | undefined;
  };

// The CA's own file may hold several certificates: while it is replaced, the next one beside the present one.
function fingerprints(certificates: string): readonly string[] {
  return certificateBlocks(certificates).flatMap((block) => readBlock(block)?.fingerprint256 ?? []);
}

// Whoever has the key of a revoked certificate can come in as long as its issuer is trusted.
function issuedRevoked({ revoked_issuers: issuers }: Args, { serialNumber }: X509Certificate): boolean {
  return issuers !== undefined && mayHaveIssued(issuers, serialNumber);
}

function keeping(want: Args) {
  const { keep_others, keep_revoked: keepsRevoked } = want;
  return keepsRevoked
    ? { keep_others }
    : { keep_others, unless: (one: X509Certificate) => issuedRevoked(want, one) };
}

function text(certificates: string, want: Args, have: TrustFile): string {
  const others = certificatesText(keptIn(keeping(want), have, fingerprints(certificates)));
  return others === '' ? certificates : `${certificates.trimEnd()}\n${others}`;
}

function contentChange(want: Args, have: TrustFile): Change[] {
  const { dest, authority_certificate: authority } = want;
  const before = have.stat.kind === 'absent' ? '' : have.content;
  if (authority === undefined)
    return [
      {
        attribute: 'content',
        ...(have.stat.kind === 'absent' && { from: 'absent' }),
        to: 'certificate of the private CA, which is made at apply',
      },
    ];
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
  lateArguments: (want) => ({
    ...privateCaKnowledge(want),
    revoked_issuers: () => revokedIssuers(issuedLook(resolve(want.ca), new Date())),
  }),
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
  result: (want, have, outputs) => {
    const wanted = fingerprints(want.authority_certificate ?? '');
    const others = othersLeft(keeping(want), have, wanted, outputs);
    const revoked = others.filter((one) => issuedRevoked(want, one));
    return { kept: others.length, kept_revoked: revoked.map(({ serialNumber }) => serialNumber) };
  },
  observations: (want) => [privateCaSeen(want)],
};
