// node stranger.ts JSON: somebody who is no client of the log server connects to it again and again and sends at once.
// Prints one JSON object: how many lines were written into a connection, and what the connections ended with.
import { readFileSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a stranger tries. */
export interface Attempt {
  readonly host: string;
  readonly port: number;
  readonly times: number;
  /** Each connection sends this line, with the connection's number behind it. */
  readonly line: string;
  /** How a client of that server would send. */
  readonly transport?: 'tcp' | 'relp';
  /** Absent: no TLS at all. */
  readonly tls?: {
    readonly version: 'TLSv1.2' | 'TLSv1.3';
    readonly certificate?: string;
    readonly key?: string;
  };
}

/** What became of it. */
export interface Outcome {
  readonly written: number;
  readonly ends: Readonly<Record<string, number>>;
}

const attempt = JSON.parse(process.argv[2] ?? '') as Attempt;
const ends: Record<string, number> = {};
let written = 0;

function open({ host, port, tls }: Attempt): { socket: Socket; ready: string } {
  if (!tls) return { socket: connectPlain({ host, port }), ready: 'connect' };
  const { version, certificate, key } = tls;
  const own = certificate && key ? { cert: readFileSync(certificate), key: readFileSync(key) } : {};
  // A stranger does not care whom he talks to.
  const options = { host, port, ...own, minVersion: version, maxVersion: version, rejectUnauthorized: false };
  return { socket: connectTls(options), ready: 'secureConnect' };
}

// Octet-counted, or RELP without waiting for an answer to the opening.
function framed({ transport }: Attempt, message: string): string {
  if (transport !== 'relp') return `${message.length} ${message}`;
  const offer = 'relp_version=0\nrelp_software=stranger\ncommands=syslog';
  return `1 open ${offer.length} ${offer}\n2 syslog ${message.length} ${message}\n`;
}

function once(number: number): Promise<void> {
  return new Promise((resolve) => {
    const { socket, ready } = open(attempt);
    let end = 'closed by the server';
    socket.on(ready, () => {
      const message = `<13>1 - h2 stranger - - - ${attempt.line}-${number}`;
      written++;
      socket.write(framed(attempt, message));
      setTimeout(() => {
        end = 'still open';
        socket.end();
      }, 400).unref();
    });
    socket.on('error', (error) => {
      end = 'code' in error ? String(error.code) : error.message;
    });
    socket.on('data', () => {});
    socket.on('close', () => {
      ends[end] = (ends[end] ?? 0) + 1;
      resolve();
    });
  });
}

for (let begun = 0; begun < attempt.times; begun += 10) {
  await Promise.all(Array.from({ length: Math.min(10, attempt.times - begun) }, (_, n) => once(begun + n)));
}
console.log(JSON.stringify({ written, ends } satisfies Outcome));
