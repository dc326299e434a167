import { join } from 'node:path';
import { caseFiles } from './case-files.ts';

/** How a logged line looks to rsyslog's rules and templates, and to the server. */
export interface Seen {
  readonly facility: string;
  readonly severity: string;
  /** Of the tag; rules call it programname. */
  readonly program: string;
  /** `own` is the process that logged; `-` is none. */
  readonly pid: string;
  readonly text: string;
}

/** Something that is logged. */
export interface LoggedCase {
  readonly name: string;
  /** A datagram for /dev/log, where @ stands for the time as syslog writes it; or for the journal's own socket. */
  readonly to: 'dev-log' | 'journal';
  readonly datagram: Buffer;
  /** As the socket of syslog gives it to rsyslog. */
  readonly socket: Seen;
  /** What differs when rsyslog reads the journal. */
  readonly journal?: Partial<Seen>;
}

/** A case as it is written: one of `dev_log` and `native`. `{60 t}` in its texts stands for 60 times t. */
interface Written {
  readonly name: string;
  readonly dev_log?: string;
  readonly native?: Readonly<Record<string, string>>;
  /** What is not the usual: facility user, severity notice (native: info), the case's name as program, no pid (native: own). */
  readonly socket?: Partial<Seen>;
  readonly journal?: Partial<Seen>;
}

const folder = join(import.meta.dirname, '../../lab/journal-input');

/** All kinds of lines, with what becomes of them by both ways. */
export const loggedCases: readonly LoggedCase[] = caseFiles<readonly Written[]>(folder)
  .flatMap(({ content }) => content)
  .map(loggedCase);

function loggedCase({ name, dev_log, native, socket, journal }: Written): LoggedCase {
  const usual = native ? { severity: 'info', pid: 'own' } : { severity: 'notice', pid: '-' };
  const seen = { facility: 'user', program: name, text: '', ...usual, ...socket };
  return {
    name,
    to: native ? 'journal' : 'dev-log',
    datagram: native ? nativeDatagram(name, native) : Buffer.from(repeated(dev_log ?? '')),
    socket: { ...seen, text: repeated(seen.text), program: repeated(seen.program) },
    ...(journal && { journal }),
  };
}

function repeated(text: string): string {
  return text.replaceAll(/\{(\d+) (\w)\}/g, (_, times, letter) => letter.repeat(Number(times)));
}

// As the journal's library writes one: values of several lines have their length before them.
function nativeDatagram(name: string, fields: Readonly<Record<string, string>>): Buffer {
  const field = ([key, value]: readonly [string, string]): Buffer => {
    if (!value.includes('\n')) return Buffer.from(`${key}=${value}\n`);
    const length = Buffer.alloc(8);
    length.writeUInt32LE(Buffer.byteLength(value));
    return Buffer.concat([Buffer.from(`${key}\n`), length, Buffer.from(`${value}\n`)]);
  };
  return Buffer.concat(Object.entries({ SYSLOG_IDENTIFIER: name, ...fields }).map(field));
}
