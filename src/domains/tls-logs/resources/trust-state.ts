import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import { readPrivateCa } from '../private-ca/private-ca.ts';
import { pem, pemOf } from '../probes/pem.ts';

const schema = Type.Object(
  {
    file: hostPath('the CA file of this host'),
    unfinished: Type.Array(Type.String(), {
      default: [],
      description: 'what is trusted beyond what is wanted; another run ends it',
    }),
    ca: Type.Optional(
      Type.String({ minLength: 1, description: 'directory of the private CA on the control node' }),
    ),
    revoked: Type.Array(Type.String(), {
      default: [],
      description: 'revoked certificates of the present CA that are let in; only another CA ends that',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly authority_certificate?: string | undefined };

/** Shows, for `provision certs`, whom a host trusts without being meant to. */
export const trustState: HostResource<Args, string | undefined> = {
  kind: 'host',
  name: 'trust_state',
  summary: 'Show, for `provision certs`, what a host trusts beyond what is wanted',
  schema,
  effect: 'read',
  lateArguments: ({ ca }) => ({
    authority_certificate: () => (ca === undefined ? undefined : readPrivateCa(ca)),
  }),
  // What is there counts, whatever is planned.
  paths: () => [],
  probe: ({ file }, { observations = false }) =>
    observations
      ? asking({ found: pem(file) }, ({ found }) => pemOf(found))
      : { asks: [], read: () => undefined },
  diff: () => [],
  steps: () => [],
  observations: ({ file, unfinished, ca, revoked, authority_certificate: authority }, chain) => [
    ...unfinished.map((trouble) =>
      certificateSeen({ place: file, stage: 'deployed', ...(chain && { chain }), trouble }),
    ),
    ...(ca === undefined ? [] : revoked).map((message) =>
      certificateSeen({
        here: true,
        place: ca ?? '',
        stage: 'issued',
        ...(authority && { chain: authority }),
        revoked: message,
      }),
    ),
  ],
};
