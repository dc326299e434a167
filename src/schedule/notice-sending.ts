import { spawn } from 'node:child_process';
import { mailText, type Notice, type NoticeTarget } from './notice.ts';

// Milliseconds.
const patience = 20_000;

/** Sends a notice; resolves to why it could not be sent, undefined when it was. Addresses may be secrets: they are not repeated. */
export async function sendNotice(
  target: NoticeTarget,
  notice: Notice,
  { sendmail = '/usr/sbin/sendmail' }: { readonly sendmail?: string } = {},
): Promise<string | undefined> {
  try {
    if (target.kind === 'mail') await sendMail(sendmail, mailText(target.address, notice));
    else await post(target, notice);
    return undefined;
  } catch (error) {
    return `the ${target.kind} notice could not be sent: ${reasonOf(error)}`;
  }
}

async function post({ kind, url }: Exclude<NoticeTarget, { kind: 'mail' }>, notice: Notice): Promise<void> {
  const { subject, lines, failed } = notice;
  const title = subject.replace(/[^\x20-\x7e]/g, '?');
  const request =
    kind === 'ntfy'
      ? { headers: { title, priority: failed ? 'high' : 'default' }, body: [subject, ...lines].join('\n') }
      : {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text: [subject, ...lines].join('\n'), subject, lines, failed }),
        };
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
    ...request,
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
}

function sendMail(sendmail: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(sendmail, ['-t', '-i'], { stdio: ['pipe', 'ignore', 'pipe'], timeout: patience });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(0, 500);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${sendmail} failed with code ${code}: ${said.trim()}`)),
    );
    // It may end without reading.
    child.stdin.once('error', () => undefined).end(text);
  });
}

// What went wrong below fetch is in its cause; neither names the address.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  if (error instanceof TypeError) return code ?? 'the connection failed';
  return cause instanceof Error ? cause.message : String(cause);
}
