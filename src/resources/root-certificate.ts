import { type Static, Type } from 'typebox';
import { bundledRoot } from '../certs/bundled-root.ts';
import { firstFingerprint, normalFingerprint } from '../certs/certificate.ts';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { Answer } from './answer.ts';
import { hostPath, ownershipArguments } from './argument.ts';
import { type FileLook, lookFunction, readLook } from './files/file-look.ts';
import { ownershipChanges, ownershipStep, settledOwnership } from './files/file-ownership.ts';
import type { HostResource, SourceFile } from './resource.ts';

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
    ...ownershipArguments,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly source_file?: SourceFile };

interface State {
  readonly look: FileLook;
  /** SHA-256 of the first certificate in the file, upper case with colons. */
  readonly fingerprint: string;
  /** How many certificates the file holds. */
  readonly count: number;
}

// One root and nothing else is trusted, so one is written: the first block of a file. No openssl is needed for this.
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

function faults(want: Args, { look }: State): readonly string[] {
  const text = sourceText(want);
  if (look.kind !== 'absent' && look.kind !== 'file') return [`${want.dest} is a ${look.kind}; move it away`];
  if (text === undefined)
    return want.fingerprint
      ? []
      : ['root_certificate needs a fingerprint, or src that names a file on the control node'];
  const found = firstFingerprint(text);
  if (!found) return [`${want.src} holds no certificate; give the root as PEM`];
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

function brought(pem: string): string {
  return `${scratch}\n{ ${printBytes(pem)}\n} >"$f"\ntry "$f"`;
}

function fetching(want: Args, hash: string): string {
  return `${functions}
try() { [ "$(provision_root_hash "$1")" = ${hash} ] && provision_root_block "$1"; }
${ways(want)
  .map((way) => `( ${way}\n) || `)
  .join('')}{ echo 'no source gave the root certificate with the wanted SHA-256' >&2; exit 1; }`;
}

/** One root certificate as a CA file, from the first source that has it, never without the right fingerprint. */
export const rootCertificate: HostResource<Args, State> = {
  kind: 'host',
  name: 'root_certificate',
  summary:
    'One root certificate as a CA file: found on the host, downloaded, or brought along, always checked',
  schema,
  effect: 'contained',
  source: { argument: 'src', folder: 'files', render: false },
  paths: ({ dest }) => [dest],
  probe: ({ dest }) => ({
    script: `${lookFunction}\n${functions}
provision_look look ${quote(dest)} -L
printf 'hash %s\\n' "$(provision_root_hash ${quote(dest)})"
printf 'count %s\\n' "$(grep -c -e '-----BEGIN' -- ${quote(dest)} 2>/dev/null)"`,
    parse: (output) => {
      const answer = new Answer(output, dest);
      const fingerprint = normalFingerprint(answer.need('hash'));
      return { look: readLook(answer, 'look'), fingerprint, count: Number(answer.get('count') || 0) };
    },
  }),
  refuse: faults,
  diff: (want, have) => {
    const fingerprint = wanted(want) ?? '';
    const right = have.look.kind === 'file' && have.fingerprint === fingerprint && have.count === 1;
    const from =
      have.look.kind === 'absent'
        ? 'absent'
        : have.count > 1
          ? `${have.count} certificates`
          : `SHA-256 ${have.fingerprint}`;
    const content = right ? [] : [{ attribute: 'root certificate', from, to: `SHA-256 ${fingerprint}` }];
    return [...content, ...ownershipChanges(want, have.look)];
  },
  steps: (want, changes, have) => {
    if (!changes.some(({ attribute }) => attribute === 'root certificate'))
      return [ownershipStep(want.dest, want, have.look)];
    const hash = (wanted(want) ?? '').replaceAll(':', '').toLowerCase();
    return [
      {
        kind: 'script',
        script: putScript(want.dest, fetching(want, hash), settledOwnership(want, have.look)),
      },
    ];
  },
};
