/** What a terminal shows after a text with cursor movements: its lines without colours, the empty ones at the end left out. */
export function screenPicture(text: string): readonly string[] {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  const parts = text.match(/\u001b\[[?\d;]*[A-Za-z]|\n|[^\u001b\n]+/g) ?? [];
  for (const part of parts) {
    const [, digits = '', letter = ''] = /^\u001b\[\??([\d;]*)([A-Za-z])$/.exec(part) ?? [];
    const count = Number(digits || 1);
    if (part === '\n') {
      row++;
      column = 0;
    } else if (letter === 'A') row = Math.max(0, row - count);
    else if (letter === 'B') row += count;
    else if (letter === 'G') column = count - 1;
    else if (letter === 'K') lines[row] = digits === '2' ? '' : (lines[row] ?? '').slice(0, column);
    else if (letter === 'J') lines.splice(row + 1);
    else if (letter === '') {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + part + line.slice(column + part.length);
      column += part.length;
    } else if (!['m', 'h', 'l'].includes(letter)) throw new Error(`unknown sequence ${JSON.stringify(part)}`);
    while (lines.length <= row) lines.push('');
  }
  return lines.join('\n').trimEnd().split('\n');
}
