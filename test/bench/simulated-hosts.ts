// simulated-hosts.ts PORT KEY: very many hosts in one process, all at PORT of any loopback address, each connection a host of
// its own. Started by scale-fleet.ts, which gives the answers that are not known here yet.
import { readFileSync } from 'node:fs';
import ssh2, { type ServerChannel } from 'ssh2';
import { keyOf, type ShellAnswer, type ShellRequest, tokensOf, withTokens } from './shell-request.ts';

const [port = '', keyFile = ''] = process.argv.slice(2);
const known = new Map<string, Promise<ShellAnswer>>();
const asked = new Map<string, (answer: ShellAnswer) => void>();

process.on('message', ({ key, answer }: { key: string; answer: ShellAnswer }) => asked.get(key)?.(answer));
process.on('disconnect', () => process.exit());

function answerTo(request: ShellRequest): Promise<ShellAnswer> {
  const key = keyOf(request);
  const { promise, resolve } = Promise.withResolvers<ShellAnswer>();
  const answer = known.get(key) ?? promise;
  if (answer === promise) {
    known.set(key, promise);
    asked.set(key, resolve);
    process.send?.({ key, request });
  }
  return answer;
}

// The end of a program that leaves its shell open.
const programEnd = '\nprovision_mark done\n}\n';

async function serve(channel: ServerChannel, command: string): Promise<void> {
  let text = '';
  let opening = command;
  let code = 0;
  let last = Promise.resolve();
  const answer = (program: string) => {
    const request = { command: opening, program };
    opening = 'sh -s';
    last = last.then(async () => {
      const { stdout, stderr, code: own } = await answerTo(request);
      const tokens = tokensOf(request);
      channel.stderr.write(Buffer.from(withTokens(stderr, tokens), 'latin1'));
      channel.write(Buffer.from(withTokens(stdout, tokens), 'latin1'));
      code = own;
    });
  };
  channel.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (!text.endsWith(programEnd)) return;
    answer(text);
    text = '';
  });
  const { promise: ended, resolve: noMore } = Promise.withResolvers<void>();
  channel.on('end', noMore).on('close', noMore);
  await ended;
  if (text !== '') answer(text);
  await last;
  channel.exit(code);
  channel.end();
}

const server = new ssh2.Server({ hostKeys: [readFileSync(keyFile)] }, (client) => {
  client.on('error', () => {}); // the other side has gone
  client.on('authentication', (login) =>
    login.method === 'none' ? login.reject(['publickey']) : login.accept(),
  );
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => serve(acceptExec(), command));
  });
});
server.listen({ host: '0.0.0.0', port: Number(port), backlog: 4096 }, () => process.send?.({ ready: true }));
