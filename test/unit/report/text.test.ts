import { describe, expect, it } from 'vitest';
import { durationText } from '../../../src/report/duration-text.ts';
import { padTo, shorten, textWidth, wrapWords } from '../../../src/report/fitted-text.ts';
import { counted, hostList } from '../../../src/report/host-list.ts';
import { paintWith } from '../../../src/report/paint.ts';

describe('durationText', () => {
  it.each([
    [0.4, '0 ms'],
    [84, '84 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [125_000, '2 min 05 s'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });
});

describe('hostList', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4'];
  it.each([
    [20, 'h1, h2, h3, h4'],
    [13, 'h1, h2, +2'],
    [2, 'h1, +3'],
  ])('in %d columns', (width, text) => {
    expect(hostList(hosts, width)).toBe(text);
  });

  it('shows a single name whatever its length', () => {
    expect(hostList(['a-very-long-name.example.net'], 5)).toBe('a-very-long-name.example.net');
  });

  it('counts in singular and plural', () => {
    expect([counted(1, 'host'), counted(0, 'host')]).toEqual(['1 host', '0 hosts']);
  });
});

describe('widths', () => {
  it('counts columns, not characters', () => {
    expect([textWidth('abc'), textWidth('漢字'), textWidth('é')]).toEqual([3, 4, 1]);
    expect(padTo('漢', 4)).toBe('漢  ');
    expect(shorten('漢字かな', 5)).toBe('漢字…');
  });

  it('wraps between words, keeps line breaks and indents', () => {
    expect(wrapWords('one two three\n  four five six', 9)).toEqual([
      'one two',
      'three',
      '  four',
      '  five',
      '  six',
    ]);
    expect(wrapWords('averyveryverylongword x', 5)).toEqual(['averyveryverylongword', 'x']);
  });
});

describe('paintWith', () => {
  it('paints or does not', () => {
    expect(paintWith(false)('red', 'x')).toBe('x');
    expect(paintWith(true)('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(paintWith(true)('red', '')).toBe('');
  });
});
