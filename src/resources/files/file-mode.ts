// The bits that each letter reaches, and the bits that each permission means, for all three at once.
const reach: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const meaning: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
// What a clause without u, g, o or a leaves alone, as chmod does under the usual umask.
const umask = 0o022;
const inherited = 0o6000;

function copied(letter: string, mode: number): number {
  const triple = (mode >> { u: 6, g: 3, o: 0 }[letter as 'u' | 'g' | 'o']) & 7;
  return triple * 0o111;
}

function value(permissions: string, mode: number, directory: boolean): number {
  let bits = 0;
  for (const letter of permissions) {
    if (/[ugo]/.test(letter)) bits |= copied(letter, mode);
    else if (letter === 'X') bits |= directory || (mode & 0o111) !== 0 ? 0o111 : 0;
    else bits |= meaning[letter] ?? 0;
  }
  return bits;
}

function applyClause(clause: string, current: number, directory: boolean): number {
  const [, who = '', actions = ''] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
  const affected = [...who].reduce((bits, letter) => bits | (reach[letter] ?? 0), 0);
  let mode = current;
  for (const [, operator, permissions = ''] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
    const asked = value(permissions, mode, directory);
    // setuid and setgid of a directory stay unless they are spoken of.
    const kept = directory ? inherited & ~(who === '' ? asked : affected & asked) : 0;
    const change = asked & (who === '' ? ~umask : affected) & ~kept;
    if (operator === '+') mode |= change;
    else if (operator === '-') mode &= ~change;
    else mode = (mode & ((who === '' ? 0 : ~affected) | kept)) | change;
  }
  return mode;
}

/** The mode that chmod would leave: `wanted` is octal or symbolic, `current` what the file has now. */
export function resolvedMode(wanted: string, current: number, directory: boolean): number {
  if (/^(0o?)?[0-7]+$/.test(wanted)) return Number.parseInt(wanted.replace(/^0o/, ''), 8);
  return wanted.split(',').reduce((mode, clause) => applyClause(clause, mode, directory), current & 0o7777);
}

/** A mode as people write it: `0644`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** A mode as Ansible's results have it, with a zero before whatever there is: 0644, 01777. */
export function modeResult(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}
