import { resolve } from 'node:path';
import { Type } from 'typebox';
import { readBlock } from '../../certificates/certificate.ts';
import { namesOutside, permittedNames } from '../../certificates/name-constraints.ts';
import { type CertificateObservation, certificateSeen } from '../../ledger/certificate-observation.ts';
import { readWithdrawn, type Withdrawal } from '../../private-ca/issued-record.ts';
import { readPrivateCa } from '../../private-ca/private-ca.ts';

/** Arguments of every resource that uses the playbook's own CA, on the control node. */
export const privateCaArguments = {
  ca: Type.String({
    minLength: 1,
    description: "directory of the private CA on the control node, made when it isn't there",
  }),
  permitted_names: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description:
        'DNS suffixes that the CA may certify, when it is made by this run; without it, or []: every name. ' +
        'A CA that exists keeps its own: `provision ca renew --permit` changes them',
    }),
  ),
};

/** What those arguments say, and what the control node knows of the CA. */
export interface PrivateCaWish {
  readonly ca: string;
  readonly permitted_names?: readonly string[] | undefined;
  /** PEM; undefined while there is no CA. */
  readonly authority_certificate?: string | undefined;
  /** By serial number: certificates that must be replaced before their end. */
  readonly authority_withdrawn?: ReadonlyMap<string, Withdrawal> | undefined;
}

/** What the control node knows of the CA, read when it is looked at: it may be made while steps are. */
export function privateCaKnowledge({ ca }: PrivateCaWish) {
  return {
    authority_certificate: () => readPrivateCa(ca),
    authority_withdrawn: () => readWithdrawn(resolve(ca)),
  };
}

/** The CA's own certificate, on the control node. */
export function privateCaSeen({ ca, authority_certificate: chain }: PrivateCaWish): CertificateObservation {
  const seen = { place: ca, stage: 'issued', ...(chain !== undefined && { chain }) } as const;
  return certificateSeen({ here: true, ...seen });
}

/** Why the CA cannot be used at all; [] when it can, or is yet to be made. */
export function unusableCa({ ca, authority_certificate: pem }: PrivateCaWish, now: Date): readonly string[] {
  if (pem === undefined) return [];
  const authority = readBlock(pem);
  if (!authority)
    return [
      `the certificate of the private CA in ${ca} is damaged; restore that directory from a backup, or move it away: a new CA is then made`,
    ];
  if (authority.validToDate > now) return [];
  const end = authority.validToDate.toISOString().slice(0, 10);
  return [
    `the private CA in ${ca} expired on ${end}; make a new one with \`provision ca renew\`, then run again`,
  ];
}

/** Why the CA would not certify these names; [] when it would. */
export function unpermittedNames(want: PrivateCaWish, names: readonly string[]): readonly string[] {
  const { ca, authority_certificate: pem, permitted_names: wished = [] } = want;
  const authority = pem === undefined ? undefined : readBlock(pem);
  const permitted = authority ? permittedNames(authority) : wished;
  const outside = namesOutside(names, permitted);
  if (outside.length === 0) return [];
  const [whose, fix] =
    pem === undefined
      ? [`the private CA that is made in ${ca} is to certify`, 'add to permitted_names']
      : [
          `the private CA in ${ca} may certify`,
          'make a CA that permits it with `provision ca renew --permit`',
        ];
  return [
    `${whose} only ${permitted.join(', ')} and what is below: not ${outside.join(', ')}; use another name, or ${fix}`,
  ];
}
