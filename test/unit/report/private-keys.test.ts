import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/report/redaction.ts';
import { resultOf } from '../../helpers/report/sample-run.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const openssh = Buffer.concat([Buffer.from('openssh-key-v1\0'), randomBytes(300)]).toString('base64');

const keys: Readonly<Record<string, string>> = {
  'RSA, PKCS #8': rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'RSA, PKCS #1': rsa.export({ type: 'pkcs1', format: 'pem' }).toString(),
  'EC, SEC 1': ec.export({ type: 'sec1', format: 'pem' }).toString(),
  'EC, PKCS #8': ec.export({ type: 'pkcs8', format: 'pem' }).toString(),
  Ed25519: ed.export({ type: 'pkcs8', format: 'pem' }).toString(),
  encrypted: rsa
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'long enough' })
    .toString(),
  OpenSSH: `-----BEGIN OPENSSH PRIVATE KEY-----\n${wrap(openssh, 70)}-----END OPENSSH PRIVATE KEY-----\n`,
};

function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n');
}

function base64(text: string): string {
  return wrap(Buffer.from(text).toString('base64'), 76);
}

const prints: Readonly<Record<string, (key: string) => string>> = {
  cat: (key) => key,
  "sed 's/^/ | /'": (key) => key.replace(/^/gm, ' | '),
  "sed 's/$/ x/'": (key) => key.replace(/$/gm, ' x'),
  'grep -n .': (key) => numbered(key),
  'cat -A': (key) => key.replace(/$/gm, '$'),
  'head -n 2': (key) => key.split('\n').slice(0, 2).join('\n'),
  'tail -n +2': (key) => withoutFirst(key),
  "sed '1d;$d'": (key) => withoutFirst(key).replace(/-----END[\s\S]*/, ''),
  base64: base64,
  'base64 | grep -n .': (key) => numbered(base64(key)),
  "base64 | sed 's/^/ > /'": (key) => base64(key).replace(/^/gm, ' > '),
};

function numbered(text: string): string {
  return text
    .split('\n')
    .map((line, index) => `${index + 1}:${line}`)
    .join('\n');
}

function withoutFirst(text: string): string {
  return text.slice(text.indexOf('\n') + 1);
}

/** Everything in a text that may be a piece of a key, but for the titles. */
function pieces(text: string): readonly string[] {
  return (text.match(/[A-Za-z0-9+/]{12,}/g) ?? []).filter(
    (piece) =>
      !/PRIVATE|KEY/.test(Buffer.from(piece, 'base64').toString('latin1') + piece) || piece.length > 40,
  );
}

function shown(redactor: Redactor, events: readonly object[]): string {
  return events.map((event) => JSON.stringify(redactor.event(event))).join('\n');
}

const result = (parts: object) => resultOf('h1', 'look', { task: '0.tasks.3', ...parts });

const shapes: Readonly<Record<string, (text: string) => readonly object[]>> = {
  'the output': (text) => [result({ output: { code: 3, stdout: '', stderr: text } })],
  'lines of a result': (text) => [result({ result: { before: 'x', stdout_lines: text.split('\n') } })],
  'one line': (text) => [result({ message: text.split('\n').join(' ') })],
  'items, line by line': (text) => text.split('\n').map((line) => result({ item: line, message: line })),
};

const rows = Object.keys(keys).flatMap((key) =>
  Object.keys(prints).flatMap((print) => Object.keys(shapes).map((shape) => [key, print, shape] as const)),
);

describe('no piece of a private key is shown', () => {
  it.each(rows)('%s, %s, in %s', (key, print, shape) => {
    const text = prints[print]?.(keys[key] ?? '') ?? '';
    const seen = shown(new Redactor(), shapes[shape]?.(text) ?? []);
    expect(pieces(text).length).toBeGreaterThan(0);
    expect(pieces(text).filter((piece) => seen.includes(piece))).toEqual([]);
  });

  it.each(Object.keys(keys))('%s, known from an earlier task, in any line of any later one', (key) => {
    const redactor = new Redactor();
    const pem = keys[key] ?? '';
    redactor.event(result({ result: { stdout: pem } }));
    for (const text of [pem, base64(pem), numbered(base64(withoutFirst(pem)))]) {
      const lines = text.split('\n').toReversed();
      const seen = shown(
        redactor,
        lines.map((line, n) => result({ task: `0.tasks.${n}`, message: line })),
      );
      const whole = pieces(text).filter((piece) => piece.length >= 64);
      expect(whole.filter((piece) => seen.includes(piece))).toEqual([]);
    }
  });

  it('known because a task with no_log read it', () => {
    const redactor = new Redactor();
    const pem = keys['RSA, PKCS #8'] ?? '';
    redactor.add(pem);
    const seen = shown(redactor, [result({ message: pem.split('\n')[7] })]);
    expect(seen).toContain('"message":"***"');
  });

  it.each(['CERTIFICATE', 'PUBLIC KEY'])('but of a %s all is', (title) => {
    const body = wrap(randomBytes(700).toString('base64'), 64);
    const text = `-----BEGIN ${title}-----\nMIIC${body}-----END ${title}-----\n`;
    for (const one of [text, numbered(text), base64(text)]) {
      for (const events of Object.values(shapes)) {
        expect(shown(new Redactor(), events(one))).toBe(
          events(one)
            .map((event) => JSON.stringify(event))
            .join('\n'),
        );
      }
    }
  });

  it('and what another task says is shown again', () => {
    const redactor = new Redactor();
    redactor.event(result({ item: '-----BEGIN PRIVATE KEY-----', message: '-----BEGIN PRIVATE KEY-----' }));
    const message = 'sha256 of it: 0123456789abcdef0123456789abcdef';
    expect(redactor.event(result({ message })).message).not.toContain('0123456789abcdef');
    const later = result({ task: '0.tasks.4', message });
    expect(redactor.event(later)).toEqual(later);
  });
});

describe('a known secret is hidden', () => {
  const token = `LONGsecret-${randomBytes(40).toString('hex')}-the-end`;
  const broken: Readonly<Record<string, string>> = {
    'fold -w 20': wrap(token, 20),
    base64: base64(token),
    'base64 -w 7': wrap(Buffer.from(token).toString('base64'), 7),
    'base64 -w 9 | grep -n .': numbered(wrap(Buffer.from(token).toString('base64'), 9)),
    "base64 | sed 's/^/ | /'": base64(token).replace(/^/gm, ' | '),
    "sed 's/./& /g'": [...token].join(' '),
  };
  const lineWise = Object.keys(shapes).filter((shape) => !shape.startsWith('items'));
  const cases = Object.keys(broken).flatMap((print) => lineWise.map((shape) => [print, shape] as const));
  it.each(cases.filter(([print, shape]) => !(print.includes('-w 9') && shape === 'one line')))(
    '%s, in %s',
    (print, shape) => {
      const redactor = new Redactor();
      redactor.add(token);
      const text = broken[print] ?? '';
      const seen = shown(redactor, shapes[shape]?.(text) ?? []);
      const long = text.split('\n').flatMap((line) => line.match(/[\w+/-]{7,}/g) ?? []);
      expect(long.filter((piece) => seen.includes(piece))).toEqual([]);
      expect(seen).not.toContain(text.slice(4, 24).replace(/\n[\s\S]*/, ''));
      expect(seen).toContain('***');
    },
  );

  it('also each line of its base64 alone', () => {
    const redactor = new Redactor();
    redactor.add(token);
    const lines = base64(token).trim().split('\n');
    const seen = shown(
      redactor,
      lines.map((line) => result({ message: line })),
    );
    expect(lines.filter((line) => seen.includes(line))).toEqual([]);
  });
});

describe('looking for keys takes the time of reading', () => {
  const floods: Readonly<Record<string, (lines: number) => string>> = {
    beginnings: (lines) => '-----BEGIN PRIVATE KEY-----\n'.repeat(lines),
    ends: (lines) => '-----END PRIVATE KEY-----\n'.repeat(lines),
    'bare keys': (lines) => 'MHcCAQEEI\n'.repeat(lines),
    'base64 of beginnings': (lines) => 'LS0tLS1CRUdJTi\n'.repeat(lines),
    'base64 of keys': (lines) => 'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1J\n'.repeat(lines),
    'one key after the other': (lines) =>
      '-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----\n'.repeat(lines),
  };
  it.each(Object.keys(floods))('in a flood of %s', (flood) => {
    const time = (lines: number): number => {
      const text = floods[flood]?.(lines) ?? '';
      const began = process.cpuUsage();
      new Redactor().text(text);
      new Redactor().event({ type: 'x', result: { lines: text.split('\n') } });
      const { user, system } = process.cpuUsage(began);
      return user + system;
    };
    time(1000);
    // Ten times as much takes ten times as long, not a hundred times.
    expect(time(20_000)).toBeLessThan(40 * Math.max(time(2000), 10_000));
  });
});
