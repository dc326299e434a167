function letters(from: string, to: string, step: number): string[] | undefined {
  const start = from.codePointAt(0) ?? 0;
  const end = to.codePointAt(0) ?? 0;
  if (from.length !== 1 || to.length !== 1 || start > end) return undefined;
  const result: string[] = [];
  for (let code = start; code <= end; code += step) result.push(String.fromCodePoint(code));
  return result;
}

function numbers(from: string, to: string, step: number): string[] | undefined {
  const padded = from.length > 1 && from.startsWith('0');
  if (padded && from.length !== to.length) return undefined;
  if (Number(from) > Number(to) || (Number(to) - Number(from)) / step > 65_536) return undefined;
  const result: string[] = [];
  for (let number = Number(from); number <= Number(to); number += step) {
    result.push(String(number).padStart(padded ? from.length : 1, '0'));
  }
  return result;
}

function expandOne(range: string): string[] | undefined {
  const [from = '', to = '', step = '1', ...rest] = range.split(':');
  const width = Number(step);
  if (rest.length > 0 || !range.includes(':') || !Number.isInteger(width) || width < 1) return undefined;
  // An empty beginning means 0, as in [:3].
  if (/^\d*$/.test(from) && /^\d+$/.test(to)) return numbers(from === '' ? '0' : from, to, width);
  return /^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to) ? letters(from, to, width) : undefined;
}

/**
 * Host names that a written name stands for: `h[1:3]`, `h[01:20:2]`, `h[a:f]`, several ranges in one name.
 * Gives the text of a range that makes no sense instead, as `wrong`.
 */
export function expandHostRange(
  name: string,
): { readonly names: readonly string[] } | { readonly wrong: string } {
  const match = /\[([^\]]*)\]/.exec(name);
  if (!match) return { names: [name] };
  const parts = expandOne(match[1] ?? '');
  if (!parts) return { wrong: match[0] };
  const rest = expandHostRange(name.slice(match.index + match[0].length));
  if ('wrong' in rest) return rest;
  const before = name.slice(0, match.index);
  return { names: parts.flatMap((part) => rest.names.map((after) => `${before}${part}${after}`)) };
}
