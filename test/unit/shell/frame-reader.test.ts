import { describe, expect, test } from 'vitest';
import { FrameReader, type SectionOutput } from '../../../src/shell/frame-reader.ts';

const nonce = 'n0nce';
const mark = (words: string) => Buffer.from(`\n${nonce} ${words}\n`);

function streams(sections: readonly SectionOutput[], done = true) {
  const stream = (name: 'stdout' | 'stderr') =>
    Buffer.concat([
      ...sections.flatMap((section) => [
        mark(`begin ${section.id}`),
        section[name],
        mark(`end ${section.id} ${section.code}`),
      ]),
      ...(done ? [mark('done')] : []),
    ]);
  return { stdout: stream('stdout'), stderr: stream('stderr') };
}

const sections: readonly SectionOutput[] = [
  { id: 'p.1', code: 0, stdout: Buffer.from('żółw\n'), stderr: Buffer.alloc(0) },
  { id: 'p.2', code: 3, stdout: Buffer.alloc(0), stderr: Buffer.from(`\nn0nc \n${nonce}x done\n`) },
  { id: 'p.3', code: 127, stdout: Buffer.from([0, 255, 10, 10]), stderr: Buffer.from('no end of line') },
];

function read(chunks: readonly (readonly ['stdout' | 'stderr', Buffer])[]) {
  const seen: SectionOutput[] = [];
  const reader = new FrameReader(nonce, { onSection: ({ ran: _ran, ...section }) => seen.push(section) });
  for (const [name, chunk] of chunks) reader.push(name, chunk);
  return { seen, reader };
}

describe('output cut into two chunks at every offset', () => {
  const { stdout, stderr } = streams(sections);
  const offsets = Array.from({ length: stdout.length + 1 }, (_value, offset) => offset);

  test.each([['stdout'], ['stderr']] as const)('%s', (name) => {
    const whole = name === 'stdout' ? stdout : stderr;
    const other = name === 'stdout' ? stderr : stdout;
    for (const offset of offsets) {
      const { seen, reader } = read([
        [name, whole.subarray(0, offset)],
        [name === 'stdout' ? 'stderr' : 'stdout', other],
        [name, whole.subarray(offset)],
      ]);
      expect(seen).toEqual(sections);
      expect(reader.done).toBe(true);
    }
  });
});

test('one byte at a time', () => {
  const { stdout, stderr } = streams(sections);
  const bytes = (name: 'stdout' | 'stderr', whole: Buffer) =>
    Array.from(whole, (_value, index) => [name, whole.subarray(index, index + 1)] as const);
  expect(read([...bytes('stdout', stdout), ...bytes('stderr', stderr)]).seen).toEqual(sections);
});

test('a flood is kept whole and cut right', () => {
  const flood = Buffer.alloc(3 * 1024 * 1024, 'flood\n');
  const section = { id: 'x', code: 0, stdout: flood, stderr: Buffer.alloc(0) };
  const { stdout, stderr } = streams([section]);
  const chunks: (readonly ['stdout', Buffer])[] = [];
  for (let at = 0; at < stdout.length; at += 32_768)
    chunks.push(['stdout', stdout.subarray(at, at + 32_768)]);
  const { seen } = read([...chunks, ['stderr', stderr]]);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.stdout.equals(flood)).toBe(true);
});

test('a section is reported as soon as both its streams have ended, and not before', () => {
  const { stdout, stderr } = streams(sections.slice(0, 1), false);
  const { seen, reader } = read([['stdout', stdout]]);
  expect(seen).toEqual([]);
  reader.push('stderr', stderr);
  expect(seen).toEqual(sections.slice(0, 1));
  expect(reader.done).toBe(false);
});

test('the section that a lost connection struck is known', () => {
  const { reader } = read([
    ['stdout', streams(sections.slice(0, 1), false).stdout],
    ['stdout', Buffer.concat([mark('begin p.2'), Buffer.from('half')])],
  ]);
  expect(reader.current).toBe('p.2');
  expect(reader.done).toBe(false);
});

test('what is printed before, between and after sections counts for nothing', () => {
  const noise = Buffer.from('Last login: today\n');
  const { stdout, stderr } = streams(sections.slice(0, 1));
  expect(
    read([
      ['stdout', Buffer.concat([noise, stdout, noise])],
      ['stderr', Buffer.concat([noise, stderr])],
    ]).seen,
  ).toEqual(sections.slice(0, 1));
});

test('another section cannot be ended from within', () => {
  const forged = { id: 'a', code: 0, stdout: mark('end b 0'), stderr: Buffer.alloc(0) };
  expect(
    read([
      ['stdout', streams([forged]).stdout],
      ['stderr', streams([forged]).stderr],
    ]).seen.map(({ id }) => id),
  ).toEqual(['a']);
});
