import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/report/redaction.ts';
import { quote } from '../../../src/shell/quote.ts';
import { resultOf } from '../../helpers/report/sample-run.ts';

const secrets = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 4, maxLength: 24 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 24 }),
    fc.string({ unit: fc.constantFrom(...`'"\\$\`!&=+/%?#<> aZ0\n`), minLength: 4, maxLength: 12 }),
  )
  .filter((secret) => secret.trim().length >= 4 && !/^[*\s]*$/.test(secret));
const around = fc.string({ unit: 'grapheme', maxLength: 12 });

function hider(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.add(value);
  return redactor;
}

describe('a secret is hidden in every spelling', () => {
  const spellings: readonly (readonly [string, (secret: string) => string])[] = [
    ['plain', (secret) => secret],
    ['quoted for a shell', (secret) => quote(secret)],
    ["quoted as 'a'\"'\"'b'", (secret) => `'${secret.replaceAll("'", `'"'"'`)}'`],
    ['between double quotes of a shell', (secret) => `"${secret.replace(/["$`\\]/g, '\\$&')}"`],
    ['JSON', (secret) => JSON.stringify(secret)],
    ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify(secret))],
    ['URL component', (secret) => encodeURIComponent(secret)],
    ['form field', (secret) => encodeURIComponent(secret).replaceAll('%20', '+')],
    [
      'URL component in lower case',
      (secret) => encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase()),
    ],
  ];
  it.each(spellings)('%s', (_name, spell) => {
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) => {
        const spelled = spell(secret);
        const hidden = hider(secret).text(before + spelled + after);
        expect(hidden).not.toContain(secret);
        expect(hidden).not.toContain(spelled);
      }),
    );
  });

  it('base64 at every alignment, both alphabets, wrapped or not', () => {
    const neighbour = fc.uint8Array({ maxLength: 9 });
    const format = fc.constantFrom('base64', 'base64url');
    fc.assert(
      fc.property(
        secrets,
        neighbour,
        neighbour,
        format,
        fc.integer({ min: 5, max: 76 }),
        (secret, a, b, name, width) => {
          const encoded = Buffer.concat([a, Buffer.from(secret), b]).toString(name);
          for (const text of [encoded, encoded.replace(new RegExp(`.{${width}}`, 'g'), '$&\n')]) {
            const hidden = hider(secret).text(text);
            expect(hidden).toContain('***');
            const left = hidden
              .split('***')
              .map((part) => Buffer.from(part.replaceAll('\n', ''), 'base64').toString());
            expect(left.join(' ')).not.toContain(secret);
          }
        },
      ),
    );
  });

  it('as a shell itself quotes it (printf %q)', () => {
    for (const secret of ["it's $HOME `now`", 'a"b\\c d;e&f|g', 'tab*?[x]{y}~']) {
      const quoted = execFileSync('bash', ['-c', 'printf %q "$1"', 'bash', secret], { encoding: 'utf8' });
      expect(hider(secret).text(`sudo: ${quoted}: not found`)).toBe('sudo: ***: not found');
    }
  });

  it('in the longer lines of a value of several lines, also when they are indented', () => {
    const redactor = hider('first line of it\nsecond line, longer\nend\n');
    expect(redactor.text('  second line, longer\n  end')).toBe('  ***\n  end');
  });
});

describe('private keys are hidden without being named', () => {
  const key = [
    '-----BEGIN EC PRIVATE KEY-----',
    'MHcCAQEEIK0',
    'oAoGCCqGSM49',
    '-----END EC PRIVATE KEY-----',
  ].join('\n');
  it.each([
    ['as a block', `before\n${key}\nafter`, 'before\n[private key hidden]\nafter'],
    ['in JSON', JSON.stringify(key), '"[private key hidden]"'],
    ['cut off', key.slice(0, 50), '[private key hidden]'],
    ['in base64', `key: ${Buffer.from(key).toString('base64')}.`, 'key: [private key hidden].'],
  ])('%s', (_name, text, hidden) => {
    expect(new Redactor().text(text)).toBe(hidden);
  });

  it('one that is cut off by another', () => {
    expect(new Redactor().text(`${key.slice(0, 50)}!\n${key}!`)).toBe(
      '[private key hidden]!\n[private key hidden]!',
    );
  });

  it('in a flood of beginnings, in a moment', () => {
    // Its own processor time: others may have the machine.
    const began = process.threadCpuUsage();
    new Redactor().text('-----BEGIN PRIVATE KEY-----!'.repeat(50_000));
    expect(process.threadCpuUsage(began).user / 1000).toBeLessThan(2000);
  });

  it('but certificates are shown', () => {
    const certificate = key.replaceAll('EC PRIVATE KEY', 'CERTIFICATE');
    const both = `${certificate} ${Buffer.from(certificate).toString('base64')}`;
    expect(new Redactor().text(both)).toBe(both);
  });
});

describe('events', () => {
  it('lose secrets at any depth, in keys, values and numbers of results', () => {
    const event = resultOf('h1', 'log in with hunter22', {
      task: '1.tasks.1',
      changes: [{ attribute: 'content', text: { path: '/hunter22', before: '', after: 'pass=hunter22\n' } }],
      result: { hunter22: [{ deep: 'xhunter22x' }], pin: 123456, rc: 12 },
      output: { code: 0, stdout: Buffer.from('hunter22').toString('base64'), stderr: '' },
      duration: 123456,
    });
    const hidden = hider('hunter22', '123456').event(event);
    expect(JSON.stringify(hidden)).not.toMatch(/hunter22|aHVudGVyMj/);
    expect(hidden.result).toEqual({ '***': [{ deep: 'x***x' }], pin: '***', rc: 12 });
    expect(hidden.duration).toBe(123456);
    expect(hidden.name).toBe('log in with ***');
  });

  it('keep the words that readers match on', () => {
    const event = resultOf('changed-host', 'x', { status: 'changed' });
    const hidden = hider('changed', 'task-result', 'changed-host').event(event);
    expect(hidden).toMatchObject({ type: 'task-result', status: 'changed', host: 'changed-host' });
  });

  it('hide any secret at any place', () => {
    fc.assert(
      fc.property(secrets, fc.jsonValue({ maxDepth: 3 }), (secret, other) => {
        const result = { other, text: `a ${secret} b`, [`key ${secret}`]: 1 };
        const hidden = hider(secret).event({ type: 'x', result: result as never });
        const strings: string[] = [];
        JSON.stringify(hidden, (key, value) => {
          strings.push(key, typeof value === 'string' ? value : '');
          return value;
        });
        for (const text of strings.slice(1)) {
          if (!['type', 'result', 'other', 'text'].includes(text)) expect(text).not.toContain(secret);
        }
      }),
    );
  });
});

describe('what is not tracked', () => {
  it.each(['', 'abc', '   x ', '****', '      '])('%j', (value) => {
    const text = `a ${value} b`;
    expect(hider(value).text(text)).toBe(text);
  });
});
