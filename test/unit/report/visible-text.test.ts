import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../src/report/visible-text.ts';

describe('visibleText', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a screen that is cleared', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['a title that is set', 'x\u001b]0;owned\u0007y', 'xy'],
    ['a title ended by ST', 'x\u001b]0;owned\u001b\\y', 'xy'],
    ['a link', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['a device control string', 'x\u001bPq#0\u001b\\y', 'xy'],
    ['C1 forms of the same', 'x\u009b31my\u009d0;t\u009cz', 'xyz'],
    ['a bell, a backspace, a null', 'a\u0007b\u0008c\u0000d', 'abcd'],
    ['text that runs right to left', 'a\u202egnp.exe', 'agnp.exe'],
    ['carriage returns that overwrite', 'secret\rpublic', 'secret\npublic'],
    ['lines of Windows', 'a\r\nb', 'a\nb'],
    ['tabs, newlines and umlauts, which stay', 'ä\tb\nç 漢 🙂', 'ä\tb\nç 漢 🙂'],
  ])('%s', (_name, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each([
    ['titles that never end', '\u009d'.repeat(300_000)],
    ['titles cut off by the next', '\u001b]'.repeat(300_000)],
    ['titles whose halves meet when others are taken out', '\u001b\u001b]x\u0007]'.repeat(100_000)],
    ['a colour with parameters without end', `\u001b[${';1'.repeat(300_000)}`],
  ])('takes a moment for a flood of %s', (_name, flood) => {
    const began = performance.now();
    visibleText(`${flood}\u001b[`);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('leaves nothing that a terminal obeys, whatever comes', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\u001b', '[', ']', ';', '0', 'm', '\u0007', '\\', '\u009b', 'P', 'a', '\n'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(nasty, (text) => {
        expect(visibleText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
