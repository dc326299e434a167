/** Splits a command as a shell would into words, without expanding anything; undefined when a quote is not closed. */
export function splitWords(command: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted: string | undefined;
  for (let at = 0; at < command.length; at += 1) {
    const character = command.charAt(at);
    const next = command.charAt(at + 1);
    if (quoted === "'") {
      if (character === "'") quoted = undefined;
      else word += character;
    } else if (quoted === '"') {
      if (character === '"') quoted = undefined;
      else if (character === '\\' && (next === '"' || next === '\\')) {
        word += next;
        at += 1;
      } else word += character;
    } else if (character === "'" || character === '"') {
      quoted = character;
      word ??= '';
    } else if (character === '\\') {
      if (at + 1 >= command.length) return undefined;
      word = (word ?? '') + next;
      at += 1;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quoted !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
