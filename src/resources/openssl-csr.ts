import { posix } from 'node:path';
import { Answer, printFunction } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { backupResult } from './files/backup.ts';
import { ownershipChanges } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import { madeFileSteps } from './files/made-file.ts';
import { alternativeNames, csrCode, subjectOf } from './keys/csr-config.ts';
import { type CsrArguments, csrAliases, csrSchema } from './keys/csr-schema.ts';
import { extensionDifferences, nameOptions, readX509Text, type X509Text } from './keys/x509-text.ts';
import type { Change, HostResource, Json } from './resource.ts';

interface State {
  readonly program: boolean;
  readonly key: boolean;
  readonly stat: FileStat;
  readonly found: X509Text | undefined;
  readonly content: string;
  /** A request as it would be made now; undefined where openssl makes none. */
  readonly fresh: X509Text | undefined;
  readonly said: string;
}

function question(want: CsrArguments): string {
  if (want.state === 'absent') return ':';
  const file = quote(want.path);
  const show = `openssl req -noout -text ${nameOptions} 2>/dev/null`;
  const key =
    want.privatekey_path === undefined
      ? ''
      : `[ -f ${quote(want.privatekey_path)} ] || { echo 'key no'; exit 0; }`;
  return `${printFunction}
command -v openssl >/dev/null || { echo 'program no'; exit 0; }
if [ -f ${file} ]; then
  provision_print found "$(${show} <${file})"
  provision_print content "$(cat ${file})"
fi
${key}
if provision_fresh=$(${csrCode(want)}
); then provision_print fresh "$(printf '%s\\n' "$provision_fresh" | ${show})"
else provision_print said "$( { ${csrCode(want)}
} 2>&1 >/dev/null | tail -n 3)"; fi 2>/dev/null`;
}

function differences(want: CsrArguments, { found, fresh, stat }: State): readonly Change[] {
  if (stat.kind === 'absent')
    return [{ attribute: 'request', from: 'absent', to: fresh?.subject || 'present' }];
  if (!found || !fresh)
    return [{ attribute: 'request', from: 'unreadable', to: fresh?.subject || 'present' }];
  const changes: Change[] = [];
  if (found.subject !== fresh.subject)
    changes.push({ attribute: 'subject', from: found.subject, to: fresh.subject });
  if (found.key !== fresh.key)
    changes.push({ attribute: 'key', from: 'another one', to: want.privatekey_path ?? 'the given one' });
  if (found.algorithm !== fresh.algorithm)
    changes.push({ attribute: 'digest', from: found.algorithm ?? '', to: fresh.algorithm ?? '' });
  changes.push(...extensionDifferences(found.extensions, fresh.extensions));
  return changes.length === 0 && want.force ? [{ attribute: 'request', to: 'made anew' }] : changes;
}

function listed(values: readonly string[] | undefined): Json {
  return values === undefined || values.length === 0 ? null : [...values];
}

/** A request for a certificate. */
export const opensslCsr: HostResource<CsrArguments, State> = {
  kind: 'host',
  name: 'openssl_csr',
  summary: 'Make a request for a certificate on the host with openssl',
  schema: csrSchema,
  argumentAliases: csrAliases,
  effect: 'contained',
  paths: (want) => [
    posix.normalize(want.path),
    ...(want.privatekey_path === undefined ? [] : [want.privatekey_path]),
  ],
  repeats: ({ force, state }) => force === true && state !== 'absent',
  probe: (want) =>
    asking({ file: path(want.path), seen: script(question(want)) }, ({ file, seen }) => {
      const answer = new Answer(seen, `the request ${want.path}`);
      const text = (name: string) => answer.bytes(name)?.toString();
      return {
        program: answer.get('program') !== 'no',
        key: answer.get('key') !== 'no',
        stat: file.stat,
        found: readX509Text(text('found')),
        content: text('content') ?? '',
        fresh: readX509Text(text('fresh')),
        said: text('said')?.trim() ?? '',
      };
    }),
  premises: (want) => filePremises(want, want.path),
  reliesOn: ({ privatekey_path: key }) => (key === undefined ? [] : [key]),
  refuse(want, have) {
    if (want.state === 'absent') return [];
    if (want.privatekey_path === undefined && want.privatekey_content === undefined)
      return ['one of the following is required: privatekey_path, privatekey_content'];
    if (want.authority_cert_issuer ?? want.authority_cert_serial_number)
      return [
        'authority_cert_issuer and authority_cert_serial_number are not supported: use authority_key_identifier',
      ];
    if (
      want.crl_distribution_points?.some(
        ({ relative_name: relative, crl_issuer: issuer }) => relative ?? issuer,
      )
    )
      return ['relative_name and crl_issuer of crl_distribution_points are not supported: use full_name'];
    if (alternativeNames(want).some((one) => /^dirName:/i.test(one)))
      return ['dirName in subject_alt_name is not supported'];
    if (!have.program) return ['the host has no openssl; install the package openssl first'];
    if (!['absent', 'file'].includes(have.stat.kind))
      return [`${want.path} is a ${have.stat.kind} on the host, not a regular file`];
    if (!have.key) return [`the private key ${want.privatekey_path} does not exist on the host`];
    return have.fresh ? [] : [`openssl cannot make the request: ${have.said}`];
  },
  diff(want, have) {
    if (want.state === 'absent')
      return have.stat.kind === 'absent' ? [] : [{ attribute: 'request', from: 'present', to: 'absent' }];
    return [...differences(want, have), ...ownershipChanges(want, have.stat)];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    return madeFileSteps(want, have.stat, () => csrCode(want), differences(want, have).length > 0);
  },
  result: (want, { content }, outputs) => ({
    filename: want.path,
    privatekey: want.privatekey_path ?? null,
    subject: subjectOf(want).map((pair) => [...pair]),
    subjectAltName: listed(alternativeNames(want)),
    keyUsage: listed(want.key_usage),
    extendedKeyUsage: listed(want.extended_key_usage),
    basicConstraints: listed(want.basic_constraints),
    ocspMustStaple: want.ocsp_must_staple ?? false,
    name_constraints_permitted: listed(want.name_constraints_permitted),
    name_constraints_excluded: listed(want.name_constraints_excluded),
    ...(want.return_content && { csr: content === '' ? null : `${content}\n` }),
    ...backupResult(outputs),
  }),
};
