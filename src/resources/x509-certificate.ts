import { posix } from 'node:path';
import { Answer } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { backupResult } from './files/backup.ts';
import { ownershipChanges } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import { madeFileSteps } from './files/made-file.ts';
import { certificateCode, certificateQuestion, type Moment, signing } from './keys/certificate-code.ts';
import {
  type CertificateArguments,
  certificateAliases,
  certificateSchema,
} from './keys/certificate-schema.ts';
import { extensionDifferences, readX509Text, type X509Text } from './keys/x509-text.ts';
import type { Change, HostResource } from './resource.ts';

interface State {
  readonly program: boolean;
  /** What is not on the host: `csr`, `ca`, `key`. */
  readonly lacks: string | undefined;
  readonly stat: FileStat;
  readonly found: X509Text | undefined;
  readonly request: X509Text | undefined;
  readonly authority: X509Text | undefined;
  readonly content: string;
  /** Sums of public keys. */
  readonly keys: Readonly<Record<'found' | 'request' | 'key' | 'authority', string | undefined>>;
  /** What openssl says of its signature. */
  readonly verified: string;
  readonly dates: readonly (Date | undefined)[];
}

const identifiers = ['X509v3 Subject Key Identifier', 'X509v3 Authority Key Identifier'];

function isRelative(want: CertificateArguments): boolean {
  const { from, to } = signing(want);
  return 'seconds' in from || 'seconds' in to;
}

function timeChanges(want: CertificateArguments, { dates }: State): readonly Change[] {
  if (want.ignore_timestamps !== false) return [];
  const { from, to } = signing(want);
  const one = (attribute: string, wanted: Moment, date: Date | undefined): readonly Change[] => {
    if ('seconds' in wanted)
      return [{ attribute, from: date?.toISOString() ?? 'unknown', to: 'counted from now' }];
    const found = date?.toISOString().replaceAll(/[-:T]|\.\d+/g, '') ?? 'unknown';
    return found === wanted.moment ? [] : [{ attribute, from: found, to: wanted.moment }];
  };
  return [...one('not before', from, dates[0]), ...one('not after', to, dates[1])];
}

function differences(want: CertificateArguments, have: State): readonly Change[] {
  const { found, request, authority, keys } = have;
  const subject = request?.subject || 'present';
  if (have.stat.kind === 'absent') return [{ attribute: 'certificate', from: 'absent', to: subject }];
  if (!found) return [{ attribute: 'certificate', from: 'unreadable', to: subject }];
  const { own, identifier } = signing(want);
  const changes: Change[] = [];
  const wanted = request?.subject ?? '';
  if (found.subject !== wanted) changes.push({ attribute: 'subject', from: found.subject, to: wanted });
  if (keys.found !== (keys.request ?? keys.key))
    changes.push({
      attribute: 'key',
      from: 'another one',
      to: request ? 'that of the request' : 'the private key',
    });
  const issuer = own ? (authority?.subject ?? '') : wanted;
  if (found.issuer !== issuer) changes.push({ attribute: 'issuer', from: found.issuer ?? '', to: issuer });
  else if (/signature failure|unable to get (local )?issuer|self[- ]signed certificate/.test(have.verified))
    changes.push({ attribute: 'issuer', from: `another ${issuer}`, to: issuer });
  changes.push(...extensionDifferences(found.extensions, request?.extensions ?? new Map(), identifiers));
  const [name = ''] = identifiers;
  const asked = request?.extensions.get(name);
  const has = found.extensions.get(name);
  if (
    identifier === 'create_if_not_provided'
      ? has === undefined || (asked !== undefined && asked !== has)
      : identifier === 'always_create' && has === undefined
  )
    changes.push({ attribute: name, from: has ?? 'absent', to: asked ?? 'present' });
  if (identifier === 'never_create' && has !== asked)
    changes.push({ attribute: name, from: has ?? 'absent', to: asked ?? 'absent' });
  changes.push(...timeChanges(want, have));
  return changes.length === 0 && want.force ? [{ attribute: 'certificate', to: 'made anew' }] : changes;
}

function missing(want: CertificateArguments): string | undefined {
  const { provider } = want;
  if (provider === undefined) return 'state is present but all of the following are missing: provider';
  if (provider === 'acme' || provider === 'entrust')
    return `provider: ${provider} is not supported: use certbot on the host, or selfsigned or ownca here`;
  if (provider === 'ownca') {
    if (
      (want.ownca_path ?? want.ownca_content) === undefined ||
      (want.ownca_privatekey_path ?? want.ownca_privatekey_content) === undefined
    )
      return 'provider: ownca needs ownca_path and ownca_privatekey_path, or their contents';
    return (want.csr_path ?? want.csr_content) === undefined
      ? 'provider: ownca needs csr_path or csr_content'
      : undefined;
  }
  return (want.privatekey_path ?? want.privatekey_content) === undefined
    ? 'provider: selfsigned needs privatekey_path or privatekey_content'
    : undefined;
}

function lacking(want: CertificateArguments, have: State): string | undefined {
  const { own } = signing(want);
  if (have.lacks === 'csr') return `the request ${want.csr_path} does not exist on the host`;
  if (have.lacks === 'ca') return `the CA's certificate ${want.ownca_path} does not exist on the host`;
  if (have.lacks === 'key')
    return `the private key ${own ? want.ownca_privatekey_path : want.privatekey_path} does not exist on the host`;
  if ((want.csr_path ?? want.csr_content) !== undefined && !have.request)
    return 'the request cannot be read: make it anew';
  if (own && !have.authority) return "the CA's certificate cannot be read";
  if (own && have.keys.authority !== have.keys.key)
    return 'The CA private key and certificate do not belong together';
  return !own && have.keys.request !== undefined && have.keys.request !== have.keys.key
    ? 'the request was made with another private key'
    : undefined;
}

/** A certificate. */
export const x509Certificate: HostResource<CertificateArguments, State> = {
  kind: 'host',
  name: 'x509_certificate',
  aliases: ['openssl_certificate'],
  summary: 'Make a certificate on the host with openssl, signed by its own key or by a CA of yours',
  schema: certificateSchema,
  argumentAliases: certificateAliases,
  effect: 'contained',
  paths: (want) => [
    posix.normalize(want.path),
    ...[want.csr_path, want.privatekey_path, want.ownca_path, want.ownca_privatekey_path].flatMap(
      (one) => one ?? [],
    ),
  ],
  repeats: (want) =>
    want.state !== 'absent' &&
    (want.force === true || (want.ignore_timestamps === false && isRelative(want))),
  probe: (want) =>
    asking({ file: path(want.path), seen: script(certificateQuestion(want)) }, ({ file, seen }) => {
      const answer = new Answer(seen, `the certificate ${want.path}`);
      const text = (name: string) => answer.bytes(name)?.toString();
      const dates = [...(text('dates') ?? '').matchAll(/=(.*)$/gm)].map(([, one = '']) => {
        const date = new Date(one);
        return Number.isNaN(date.getTime()) ? undefined : date;
      });
      const sum = (name: string) => answer.get(name)?.split(' ', 1)[0];
      return {
        program: answer.get('program') !== 'no',
        lacks: answer.get('lacks'),
        stat: file.stat,
        found: readX509Text(text('found')),
        request: readX509Text(text('csr')),
        authority: readX509Text(text('ca')),
        content: text('content') ?? '',
        keys: { found: sum('foundkey'), request: sum('csrkey'), key: sum('key'), authority: sum('cakey') },
        verified: text('verified') ?? '',
        dates,
      };
    }),
  premises: (want) => filePremises(want, want.path),
  reliesOn: (want) =>
    [want.csr_path, want.privatekey_path, want.ownca_path, want.ownca_privatekey_path].flatMap(
      (one) => one ?? [],
    ),
  refuse(want, have) {
    if (want.state === 'absent') return [];
    const fault = missing(want);
    if (fault !== undefined) return [fault];
    if (!have.program) return ['the host has no openssl; install the package openssl first'];
    if (!['absent', 'file'].includes(have.stat.kind))
      return [`${want.path} is a ${have.stat.kind} on the host, not a regular file`];
    return [lacking(want, have) ?? []].flat();
  },
  diff(want, have) {
    if (want.state === 'absent')
      return have.stat.kind === 'absent' ? [] : [{ attribute: 'certificate', from: 'present', to: 'absent' }];
    return [...differences(want, have), ...ownershipChanges(want, have.stat)];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    return madeFileSteps(want, have.stat, () => certificateCode(want), differences(want, have).length > 0);
  },
  result: (want, { content }, outputs) => ({
    filename: want.path,
    privatekey: want.privatekey_path ?? null,
    csr: want.csr_path ?? null,
    ...(want.provider === 'ownca' && {
      ca_cert: want.ownca_path ?? null,
      ca_privatekey: want.ownca_privatekey_path ?? null,
    }),
    ...(want.return_content && { certificate: content === '' ? null : `${content}\n` }),
    ...backupResult(outputs),
  }),
};
