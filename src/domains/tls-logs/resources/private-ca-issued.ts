import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { certificateBlocks, readBlock } from '../certificates/certificate.ts';
import { type IssuedLook, issuedLook, mayHaveIssued, revokedIssuers } from '../private-ca/issued-look.ts';
import type { IssuedCertificate } from '../private-ca/issued-record.ts';
import { pem, pemOf } from '../probes/pem.ts';

const schema = Type.Object(
  {
    ca: Type.String({ minLength: 1, description: 'directory of the private CA on the control node' }),
    file: Type.Optional(hostPath('a CA file on the host, to see what it holds beside the present CA')),
    known: Type.Array(Type.String(), {
      default: [],
      description: 'names of those who belong to the log; certificates for other names are `others`',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly issued?: IssuedLook };

// A list that nobody would read to its end is no help.
const mostOthers = 20;

function registered({ serial, names, sha256, sha1, issuer }: IssuedCertificate) {
  return {
    serial,
    names: [...names],
    sha256,
    ...(sha1 !== undefined && { sha1 }),
    ...(issuer !== undefined && { issuer }),
  };
}

function othersOf({ usable }: IssuedLook, known: readonly string[]): readonly string[] {
  const ours = new Set(known.map((name) => name.toLowerCase()));
  const others = usable.filter(({ names }) => !names.some((name) => ours.has(name.toLowerCase())));
  return [...new Set(others.map(({ names }) => names.join(', ')))].slice(0, mostOthers);
}

const nothing: IssuedLook = { present: undefined, revoked: [], usable: [] };

// Certificates of a CA file that are not the present CA's own.
function keptIn({ issued = nothing }: Args, content: string) {
  const issuers = revokedIssuers(issued);
  const serials = certificateBlocks(content).flatMap((block) => readBlock(block)?.serialNumber ?? []);
  const kept = [...new Set(serials)].filter((serial) => serial !== issued.present);
  const revoked = kept.filter((serial) => mayHaveIssued(issuers, serial));
  return { kept: kept.length, kept_revoked: revoked };
}

/** What the record of the private CA says about certificates that are still valid, and who is trusted for them. */
export const privateCaIssued: HostResource<Args, string> = {
  kind: 'host',
  name: 'private_ca_issued',
  summary: "Which of the private CA's certificates were revoked, and which are for nobody of the log",
  schema,
  effect: 'read',
  lateArguments: ({ ca }) => ({ issued: () => issuedLook(resolve(ca), new Date()) }),
  paths: ({ file }) => (file === undefined ? [] : [file]),
  probe: ({ file }) =>
    file === undefined
      ? { asks: [], read: () => '' }
      : asking({ found: pem(file) }, ({ found }) => pemOf(found) ?? ''),
  diff: () => [],
  steps: () => [],
  result: (want, content) => {
    const { known, issued = nothing } = want;
    return {
      ...(issued.present !== undefined && { present: issued.present }),
      revoked: issued.revoked.map(registered),
      others: othersOf(issued, known),
      ...keptIn(want, content),
    };
  },
};
