/** Quotes any string as one word for a POSIX shell; NUL cannot be passed and throws. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('a NUL character cannot be passed to a shell');
  return word !== '' && /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
