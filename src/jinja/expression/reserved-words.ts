/** Words that stand for values. */
export const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** Words that can name nothing. */
export const reservedWords: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'if',
  'else',
  'in',
  'is',
  'for',
  'elif',
  'recursive',
]);
