import { describe, expect, it } from 'vitest';
import { barePath, commandLine, fitsBare, quotedWord } from '../../../src/schedule/unit-word.ts';

describe('quotedWord', () => {
  it.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['--limit=web', '--limit=web'],
    ['', '""'],
    ['two words', '"two words"'],
    ["it's", `"it's"`],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['100%', '"100%%"'],
    ['$HOME', '"$HOME"'],
    [';', '";"'],
    ['#1', '"#1"'],
    ['line\nend\ttab', '"line\\nend\\ttab"'],
    ['\u0007\u007f', '"\\x07\\x7f"'],
    ['ü', '"ü"'],
    ['web:!web3,*', '"web:!web3,*"'],
  ])('%j is %s', (text, word) => {
    expect(quotedWord(text)).toBe(word);
  });
});

describe('commandLine', () => {
  it('doubles $ in arguments, where systemd expands variables, and not in the program, where it does not', () => {
    expect(commandLine(['/opt/$a/node', '$HOME', '${HOME}', '%n', 'x'])).toBe(
      '"/opt/$a/node" "$$HOME" "$${HOME}" "%%n" x',
    );
  });
});

describe('a path that a unit holds without quotes', () => {
  it.each([
    ['/srv/lab', true],
    ['/srv/my lab/"x"', true],
    ['/srv/50%', true],
    ['/srv/lab ', false],
    ['/srv/lab\\', false],
    ['/srv/two\nlines', false],
    ['/srv/bell\u0007', false],
  ])('%j: %s', (path, fits) => {
    expect(fitsBare(path)).toBe(fits);
  });

  it('has its % doubled', () => {
    expect(barePath('/srv/%n')).toBe('/srv/%%n');
  });
});
