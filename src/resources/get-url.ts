import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { meantPaths } from '../probes/path-question.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { hostPath, replacementArguments } from './argument-schemas.ts';
import { backupResult } from './files/backup.ts';
import { type Checksum, checksumPattern, listedChecksum, readChecksum } from './files/checksum.ts';
import { downloadScript, fetchCode, type Request } from './files/download.ts';
import { ownershipChanges, ownershipKeys, ownershipResult, ownershipStep } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import { validationFault } from './files/validation.ts';
import type { Change, HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    url: Type.String({
      pattern: '^(https?|ftp|file)://[^\\s\\u0000]+$',
      description: 'http, https, ftp or file address',
    }),
    dest: hostPath('where the file goes; a directory, or a path ending in /, takes it under its own name'),
    checksum: Type.Optional(
      Type.String({
        pattern: checksumPattern,
        description:
          'what the file must have: sha256: and 64 hex digits, or sha256: and the address of a list in which its name stands; a file that has it is not fetched again',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'without a checksum: fetch it even when `dest` is there' }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        default: 10,
        minimum: 1,
        description: 'seconds for the connection, and without any data',
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: '^[^\\n\\r]*$' }), {
        description: 'headers of the request; never on a command line',
      }),
    ),
    url_username: Type.Optional(
      Type.String({ pattern: '^[^:\\n]*$', description: 'name for basic authentication' }),
    ),
    url_password: Type.Optional(
      Type.String({ pattern: '^[^\\n]*$', description: 'password for basic authentication' }),
    ),
    validate_certs: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'false takes any certificate of the server: only for tests',
      }),
    ),
    ...replacementArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly target: string;
  readonly stat: FileStat;
  readonly sum: string | undefined;
  readonly tool: 'curl' | 'wget' | undefined;
  /** What the file must have; of a list, what stands there. */
  readonly checksum: Checksum | undefined;
  /** Why the list did not say. */
  readonly unlisted: string | undefined;
}

const mostBytes = 1_048_576;

const findTool =
  'if command -v curl >/dev/null; then echo curl; elif command -v wget >/dev/null; then echo wget; fi';

// The last part of the address, as it would be saved by a browser.
function fileName(url: string): string {
  const name = posix.basename(url.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/[?#].*$/, ''));
  return name === '' ? 'index.html' : name;
}

const serverOf = (url: string) => /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0].toLowerCase();

// Name, password and headers are meant for the server of the file; a list on another is asked without.
function listRequest(want: Arguments, address: string): Request {
  const { timeout, validate_certs } = want;
  const sameServer = serverOf(address) === serverOf(want.url);
  return { ...(sameServer && want), url: address, timeout, validate_certs };
}

function askList(want: Arguments) {
  const written = readChecksum(want.checksum);
  if (written === undefined || 'hex' in written) return undefined;
  const code = `provision_list=$(${fetchCode(listRequest(want, written.address))}) || exit 1
printf '%s\\n' "$provision_list" | head -c ${mostBytes}`;
  return script(code);
}

// A list that lies on the host: an earlier task may write it.
function listFile(want: Arguments): readonly string[] {
  const written = readChecksum(want.checksum);
  const address = written && 'address' in written ? written.address : '';
  return /^file:\/\/[^/]*(\/.*)$/.exec(address)?.slice(1) ?? [];
}

function checksumOf(want: Arguments, list: ScriptOutput | undefined): Pick<State, 'checksum' | 'unlisted'> {
  const written = readChecksum(want.checksum);
  if (written === undefined || 'hex' in written) return { checksum: written, unlisted: undefined };
  if (list?.code !== 0) {
    const why = list?.stderr.trim() || 'no message';
    return { checksum: undefined, unlisted: `${written.address} could not be fetched: ${why}` };
  }
  const name = fileName(want.url);
  const checksum = listedChecksum(list.stdout, name, written.name);
  const unlisted = checksum ? undefined : `${written.address} has no ${written.name} of a file '${name}'`;
  return { checksum, unlisted };
}

function fetches(want: Arguments, { stat, sum, checksum }: State): boolean {
  if (stat.kind === 'absent') return true;
  return checksum ? sum !== checksum.hex : want.force === true;
}

function diff(want: Arguments, have: State): readonly Change[] {
  const { stat, checksum } = have;
  if (stat.kind === 'absent') {
    return [
      { attribute: 'state', from: 'absent', to: 'file' },
      { attribute: 'url', to: want.url },
      ...ownershipChanges(want, stat),
    ];
  }
  const content: Change[] = fetches(want, have)
    ? [
        checksum
          ? { attribute: 'content', from: have.sum?.slice(0, 12) ?? 'unread', to: checksum.hex.slice(0, 12) }
          : { attribute: 'content', to: want.url },
      ]
    : [];
  return [...content, ...ownershipChanges(want, stat)];
}

// Ansible registers the SHA-1 of what came, and of what was there before, whatever sum is wanted.
function summed(target: string, download: string): string {
  const sum = (key: string) => `printf '${key} %s\\n' "$(sha1sum <${quote(target)} 2>/dev/null)"`;
  return `[ ! -e ${quote(target)} ] || ${sum('checksum_dest')}\n{\n${download}\n} || exit\n${sum('checksum_src')}`;
}

function sumsOf(outputs: readonly ScriptOutput[]): { readonly [key: string]: Json } {
  const printed = outputs.at(-1)?.stdout ?? '';
  const [, came] = /^checksum_src ([0-9a-f]{40})\b/m.exec(printed) ?? [];
  const [, before] = /^checksum_dest ([0-9a-f]{40})\b/m.exec(printed) ?? [];
  return came === undefined ? {} : { checksum_src: came, checksum_dest: before ?? null };
}

/** Fetches a file from the network to the host. */
export const getUrl: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'get_url',
  summary: 'Fetch a file over HTTP, HTTPS or FTP, checked against a checksum',
  schema,
  gives: ['url', 'dest', 'path', 'state', 'checksum_src', 'checksum_dest', 'backup_file', ...ownershipKeys],
  argumentAliases: { url_username: ['username'], url_password: ['password'] },
  effect: 'contained',
  repeats: (want) => want.force === true && want.checksum === undefined,
  paths: (want) => [...meantPaths(want.dest, fileName(want.url)), ...listFile(want)],
  probe(want) {
    const sum = readChecksum(want.checksum)?.name;
    const file = path(want.dest, { inside: fileName(want.url), follow: true, sum });
    const asks = { file, tool: script(findTool), list: askList(want) };
    return asking(asks, ({ file, tool: { stdout }, list }) => {
      const tool = stdout.trim();
      return {
        target: file.target,
        stat: file.stat,
        sum: file.sum,
        tool: tool === 'curl' || tool === 'wget' ? tool : undefined,
        ...checksumOf(want, list),
      };
    });
  },
  premises: (want) => filePremises(want, want.dest),
  refuse(want, have) {
    const fault = validationFault(want.validate);
    if (fault !== undefined) return [fault];
    const { kind } = have.stat;
    if (kind !== 'absent' && kind !== 'file')
      return [`${have.target} is a ${kind} on the host, not a regular file`];
    if (have.unlisted !== undefined) return [have.unlisted];
    if (!fetches(want, have)) return [];
    if (have.tool === undefined) return ['the host has neither curl nor wget; install one of them first'];
    const needsCurl =
      want.headers !== undefined || want.url_username !== undefined || want.url.startsWith('file:');
    return have.tool === 'wget' && needsCurl
      ? ['headers, url_username and file: addresses need curl on the host; it has only wget']
      : [];
  },
  diff,
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    return fetches(want, have)
      ? [{ kind: 'script', script: summed(have.target, downloadScript(want, have)) }]
      : [ownershipStep(have.target, want, have.stat)];
  },
  result: (want, have, outputs) => ({
    url: want.url,
    dest: have.target,
    path: have.target,
    state: 'file',
    ...sumsOf(outputs),
    ...ownershipResult(want, have.stat),
    ...backupResult(outputs),
  }),
};
