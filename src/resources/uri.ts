import { posix } from 'node:path';
import { exists } from '../probes/exists.ts';
import { absentStat, type FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type HttpAnswer, readHttpAnswer } from './commands/http-answer.ts';
import { type UriArguments, uriSchema } from './commands/http-arguments.ts';
import { requestBody } from './commands/http-body.ts';
import { followsRedirects, requestScript } from './commands/http-request.ts';
import { answerName, headScript, readHead, readSaved, saveScript } from './commands/http-saving.ts';
import { ownershipResult, settledOwnership } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import type { Change, HostResource, Json } from './resource.ts';

type Arguments = UriArguments;

interface State {
  /** What came, or with `dest` the head of what would come where something is there already. */
  readonly answer: HttpAnswer | undefined;
  /** Why nobody was asked. */
  readonly spared: string | undefined;
  readonly curl: boolean;
  /** With `dest`: what is there, and where the answer goes. */
  readonly saved: { readonly stat: FileStat; readonly target: string } | undefined;
}

function isRead({ method = 'GET' }: Arguments): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
}

function expectedOf(want: Arguments): readonly number[] {
  return want.status_code ?? [200];
}

function complaint(want: Arguments, answer: HttpAnswer): string {
  const { status, reason, code } = answer;
  const list = `[${expectedOf(want).join(', ')}]`;
  const cause = status < 0 ? `Request failed: curl ended with ${code}` : `HTTP Error ${status}: ${reason}`;
  return `Status code was ${status} and not ${list}: ${cause}`;
}

// What comes is written as it comes, so only a GET is asked for its head first: asking twice might do twice what is asked for.
function headOf(want: Arguments): string | undefined {
  return want.dest === undefined || (want.method ?? 'GET').toUpperCase() !== 'GET'
    ? undefined
    : headScript({ ...want, dest: want.dest });
}

function answerFields(want: Arguments, answer: HttpAnswer): { readonly [key: string]: Json } {
  const failed = !expectedOf(want).includes(answer.status);
  const text = answer.body.toString('utf8');
  let json: Json | undefined;
  try {
    const isJson = /[/+](json|javascript)\s*(;|$)/i.test(answer.headers.content_type ?? '');
    json = isJson ? JSON.parse(text) : undefined;
  } catch {
    json = undefined;
  }
  return {
    ...answer.headers,
    ...(json !== undefined && { json }),
    ...((want.return_content || failed) && { content: text }),
    cookies: answer.cookies,
    cookies_string: Object.entries(answer.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    status: answer.status,
    url: answer.redirected ? answer.url : want.url,
    redirected: answer.redirected,
    elapsed: answer.elapsed,
    msg: failed ? complaint(want, answer) : `OK (${answer.headers.content_length ?? 'unknown'} bytes)`,
  };
}

function resultOf(
  want: Arguments,
  { answer, spared, saved }: State,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  if (spared !== undefined) return { msg: spared, status: 0, url: want.url };
  const output = saved && outputs.at(-1);
  const came = output ? readSaved(output) : answer;
  const where = saved && {
    path: saved.target,
    state: 'file',
    ...ownershipResult(want, saved.stat.kind === 'directory' ? absentStat : saved.stat),
  };
  if (!came) return { ...where, msg: 'check mode: nothing was sent', status: 0, url: want.url };
  return { ...where, ...(output && { stdout: '' }), ...answerFields(want, came) };
}

function diff(want: Arguments, { answer, spared, saved }: State): readonly Change[] {
  if (!saved || spared !== undefined || answer?.status === 304) return [];
  const { stat } = saved;
  if (stat.kind === 'file') return [{ attribute: 'content', to: want.url }];
  return [
    { attribute: 'state', from: 'absent', to: 'file' },
    { attribute: 'url', to: want.url },
  ];
}

/** Asks a web service. */
export const uri: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'uri',
  summary: 'Ask a web service from the host, and register its answer or write it to a file',
  schema: uriSchema,
  argumentAliases: { url_username: ['user'], url_password: ['password'] },
  effect: (want) => (want.dest === undefined ? 'read' : 'contained'),
  source: { argument: 'src', folder: 'files', render: false, unless: { remote_src: true } },
  volatile: true,
  follows: () => true,
  repeats: (want) => want.dest !== undefined,
  paths: ({ dest }) => (dest === undefined ? [] : [posix.normalize(dest), `${dest}/`.replace(/\/+$/, '/')]),
  probe(want, { observations }) {
    const { creates, removes, dest } = want;
    // A plan sends nothing that may change something.
    const silent = observations === true && !isRead(want);
    const ask = dest === undefined ? requestScript(want) : headOf(want);
    const asks = {
      made: creates === undefined ? undefined : exists(creates, undefined),
      needed: removes === undefined ? undefined : exists(removes, undefined),
      file: dest === undefined ? undefined : path(dest, { follow: true }),
      output: silent || ask === undefined ? undefined : script(ask),
    };
    return asking(asks, ({ made, needed, file, output }) => {
      const spared = made
        ? `skipped, since '${creates}' exists`
        : needed === false
          ? `skipped, since '${removes}' does not exist`
          : undefined;
      const curl = output?.code !== 127;
      const answered = output && curl && spared === undefined && output.stdout !== '';
      const text = answered ? output.stdout : '';
      if (dest === undefined || !file)
        return {
          curl,
          spared,
          saved: undefined,
          answer: answered ? readHttpAnswer(Buffer.from(text, 'base64')) : undefined,
        };
      const answer = readHead({ ...want, dest }, text);
      const inside = file.stat.kind === 'directory' ? answerName(answer?.url || want.url, answer) : '';
      return { curl, spared, answer, saved: { stat: file.stat, target: posix.join(file.target, inside) } };
    });
  },
  premises: (want) => filePremises(want, want.dest === undefined ? '/' : want.dest),
  refuse(want, have) {
    const body = requestBody(want);
    if (typeof body === 'string') return [body];
    if (want.remote_src && want.src !== undefined && !want.src.startsWith('/'))
      return [`src: with remote_src it must be an absolute path on the host, not ${want.src}`];
    if (want.use_gssapi) return ['use_gssapi: nobody logs in with a ticket here; name url_username'];
    if (want.unredirected_headers?.length && followsRedirects(want))
      return [
        'unredirected_headers: a redirection that is followed gets all headers; follow_redirects: none',
      ];
    if (!have.curl) return ['the host has no curl; install it first'];
    const { kind = 'absent' } = have.saved?.stat ?? {};
    if (kind !== 'absent' && kind !== 'file' && kind !== 'directory')
      return [`${want.dest} is a ${kind} on the host, not a regular file`];
    const { answer } = have;
    return answer && !expectedOf(want).includes(answer.status) ? [complaint(want, answer)] : [];
  },
  diff,
  steps(want, changes, { saved }) {
    if (changes.length === 0 || !saved || want.dest === undefined) return [];
    const ownership = settledOwnership(want, saved.stat.kind === 'file' ? saved.stat : absentStat);
    const request = { ...want, dest: want.dest };
    return [{ kind: 'script', script: saveScript(request, saved.target, expectedOf(want), ownership) }];
  },
  failedResult: (want, have) => resultOf(want, have, []),
  result: (want, have, outputs) => resultOf(want, have, outputs),
};
