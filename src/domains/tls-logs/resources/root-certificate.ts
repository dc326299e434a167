import { type Static, Type } from 'typebox';
import { hostPath, ownershipArguments } from '../../../resources/argument-schemas.ts';
import {
  ownershipChanges,
  ownershipStep,
  settledOwnership,
} from '../../../resources/files/file-ownership.ts';
import type { Change, HostResource, SourceFile } from '../../../resources/resource.ts';
import { printBytes, putScript } from '../../../shell/put.ts';
import { quote } from '../../../shell/quote.ts';
import { checkAuthorityFile } from '../certificates/authority-file.ts';
import { bundledRoot } from '../certificates/bundled-root.ts';
import {
  certificateBlocks,
  firstFingerprint,
  normalFingerprint,
  readBlock,
} from '../certificates/certificate.ts';
import {
  certificatesText,
  keepOthers,
  keptIn,
  type TrustFile,
  trustProbe,
  trustResult,
} from './files/trust-file.ts';

const schema = Type.Object(
  {
    dest: hostPath('the CA file'),
    fingerprint: Type.Optional(
      Type.String({
        minLength: 64,
        description: 'SHA-256 of the root, in hexadecimal; checked whatever the source',
      }),
    ),
    src: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'PEM file on the control node, instead of the sources below',
      }),
    ),
    paths: Type.Array(hostPath('where the host may have it already'), {
      default: [],
      description: 'tried first',
    }),
    url: Type.Optional(Type.String({ pattern: '^https?://', description: 'tried next, by the host' })),
    keep_others: keepOthers,
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly source_file?: SourceFile };

// One root is wanted, so one is taken: the first block of a file. No openssl is needed for this.
const functions = `provision_root_block() { sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p;/-----END CERTIFICATE-----/q' -- "$1"; }
provision_root_hash() { provision_root_block "$1" 2>/dev/null | grep -v -e '-----' | base64 -d 2>/dev/null | sha256sum | cut -d' ' -f1; }`;

function sourceText(want: Args): string | undefined {
  return want.source_file && Buffer.from(want.source_file.content).toString('utf8');
}

/** The fingerprint that the file is to have; undefined when nothing says it. */
function wanted(want: Args): string | undefined {
  const text = sourceText(want);
  return want.fingerprint ? normalFingerprint(want.fingerprint) : text && firstFingerprint(text);
}

function faults(want: Args, { stat, now }: TrustFile): readonly string[] {
  const text = sourceText(want);
  if (stat.kind !== 'absent' && stat.kind !== 'file') return [`${want.dest} is a ${stat.kind}; move it away`];
  if (text === undefined)
    return want.fingerprint
      ? []
      : ['root_certificate needs a fingerprint, or src that names a file on the control node'];
  const reasons = checkAuthorityFile(text, want.src ?? 'src', { host: now, here: now });
  if (reasons.length > 0) return reasons.map(({ message, fix }) => `${message}: ${fix}`);
  const found = firstFingerprint(text);
  return found === wanted(want)
    ? []
    : [`${want.src} holds another certificate than the fingerprint says: its SHA-256 is ${found}`];
}

const scratch = `f=$(mktemp) || exit 1; trap 'rm -f -- "$f"' EXIT`;

// Each way runs in a subshell of its own: it prints the root and ends well, or prints nothing.
function ways(want: Args): readonly string[] {
  const text = sourceText(want);
  if (text !== undefined) return [brought(text)];
  const carried = bundledRoot(wanted(want) ?? '');
  const url = quote(want.url ?? '');
  const download = `${scratch}
if command -v curl >/dev/null; then curl -fsSL --connect-timeout 5 --max-time 20 -o "$f" -- ${url}
else wget -q -T 10 -t 1 -O "$f" -- ${url}; fi 2>/dev/null
try "$f"`;
  return [
    ...want.paths.map((path) => `try ${quote(path)}`),
    ...(want.url ? [download] : []),
    ...(carried === undefined ? [] : [brought(carried)]),
  ];
}

// Its fingerprint was compared on the control node.
function brought(pem: string): string {
  return printBytes(`${certificateBlocks(pem)[0]?.trimEnd()}\n`);
}

function fetching(want: Args, hash: string): string {
  return `${functions}
try() { [ "$(provision_root_hash "$1")" = ${hash} ] && provision_root_block "$1"; }
${ways(want)
  .map((way) => `( ${way}\n) || `)
  .join('')}{ echo 'no source gave the root certificate with the wanted SHA-256' >&2; exit 1; }`;
}

const attributeOfContent = 'root certificate';

function contentChange(want: Args, have: TrustFile): Change[] {
  const fingerprint = wanted(want) ?? '';
  const others = keptIn(want, have, [fingerprint]);
  const found = certificateBlocks(have.content).map((block) => readBlock(block)?.fingerprint256 ?? 'damaged');
  const right = [fingerprint, ...others.map((one) => one.fingerprint256)];
  // Whatever else the file holds, such as a key, must not stay in a file that all may read.
  const blocks = have.content.match(/-----BEGIN /g)?.length ?? 0;
  if (blocks === right.length && right.every((one, index) => one === found[index])) return [];
  const [first = 'no certificate', ...more] = found;
  const held =
    more.length > 0 ? `${found.length} certificates` : first.replace(/^(?=[0-9A-F]{2}:)/, 'SHA-256 ');
  const from = have.stat.kind === 'absent' ? 'absent' : held;
  const beside = others.length > 0 ? ` beside ${others.length} that stay` : '';
  return [{ attribute: attributeOfContent, from, to: `SHA-256 ${fingerprint}${beside}` }];
}

/** One root certificate as a CA file, from the first source that has it, never without the right fingerprint. */
export const rootCertificate: HostResource<Args, TrustFile> = {
  kind: 'host',
  name: 'root_certificate',
  summary:
    'One root certificate as a CA file: found on the host, downloaded, or brought along, always checked',
  schema,
  effect: 'contained',
  source: { argument: 'src', folder: 'files', render: false },
  paths: ({ dest }) => [dest],
  probe: ({ dest }) => trustProbe(dest),
  refuse: faults,
  diff: (want, have) => [...contentChange(want, have), ...ownershipChanges(want, have.stat)],
  steps: (want, changes, have) => {
    if (!changes.some(({ attribute }) => attribute === attributeOfContent))
      return [ownershipStep(want.dest, want, have.stat)];
    const hash = (wanted(want) ?? '').replaceAll(':', '').toLowerCase();
    const others = certificatesText(keptIn(want, have, [wanted(want) ?? '']));
    const source = `{ ${fetching(want, hash)}\n} && ${printBytes(others)}`;
    return [{ kind: 'script', script: putScript(want.dest, source, settledOwnership(want, have.stat)) }];
  },
  result: (want, have, outputs) => trustResult(want, have, [wanted(want) ?? ''], outputs),
};
