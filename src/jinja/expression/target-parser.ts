import { syntaxError } from './expression-lexer.ts';
import type { Target } from './expression-tree.ts';
import { constants, reservedWords } from './reserved-words.ts';
import { spanOf, type TokenReader } from './token-reader.ts';

/** Reads what a loop or assignment writes to. */
export function readTarget(words: TokenReader): Target {
  const first = oneTarget(words);
  if (!words.is(',')) return first;
  const items = [first];
  while (words.accept(',')) {
    if (words.token.kind === 'name' || words.is('(')) items.push(oneTarget(words));
  }
  return { type: 'tuple', items, ...spanOf(first, words.last) };
}

function oneTarget(words: TokenReader): Target {
  if (words.accept('(')) {
    const target = readTarget(words);
    words.expect(')');
    return target;
  }
  const token = words.name();
  if (constants.has(token.text) || reservedWords.has(token.text)) {
    throw syntaxError(`'${token.text}' cannot be assigned to`, token.at, token.end);
  }
  if (!words.accept('.')) return { type: 'name', name: token.text, at: token.at, end: token.end };
  const attribute = words.name();
  return { type: 'attribute', object: token.text, name: attribute.text, ...spanOf(token, attribute) };
}
