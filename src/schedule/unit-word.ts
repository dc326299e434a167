// Every other character means something to systemd, somewhere.
const plain = /^[\w@=:,./+-]+$/;
const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** One word as unit files quote it, for settings that unquote (Environment=): no space, quote, line end or `%` of it is obeyed. */
export function quotedWord(text: string): string {
  const literal = text.replaceAll('%', '%%');
  if (plain.test(literal)) return literal;
  const escaped = literal.replace(
    /[\u0000-\u001f"\\\u007f]/g,
    (character) => escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}

/** The words of ExecStart=, where `$` has a meaning too, but for the program itself. */
export function commandLine([program, ...words]: readonly [string, ...string[]]): string {
  return [quotedWord(program), ...words.map((word) => quotedWord(word.replaceAll('$', '$$$$')))].join(' ');
}

/** A path for settings that take the rest of the line as it stands (WorkingDirectory=). */
export function barePath(path: string): string {
  return path.replaceAll('%', '%%');
}

/** Whether such a setting can hold the path: it knows no quotes, and cuts off blanks. */
export function fitsBare(path: string): boolean {
  return !/[\u0000-\u001f\u007f]|^\s|[\s\\]$/.test(path);
}
