import { Scalar, stringify } from 'yaml';
import type { Json } from '../../../resources/resource.ts';

// As YAML 1.1 has it, which docker-compose reads: what would be no string there is quoted.
const options = { version: '1.1', lineWidth: 0 } as const;

const folded = new Set<unknown>([Scalar.BLOCK_FOLDED, Scalar.BLOCK_LITERAL]);

/** A scalar on one line, quoted as the one that it replaces where that can be. */
export function scalarText(value: Json, like: unknown, inFlow: boolean): string {
  if (value === null) return inFlow ? 'null' : '';
  const scalar = new Scalar(value);
  if (like === Scalar.QUOTE_DOUBLE || like === Scalar.QUOTE_SINGLE) scalar.type = like;
  const quoted = inFlow && typeof value === 'string' && /[,[\]{}]/.test(value);
  if (scalar.type === undefined && (quoted || String(value).includes('\n')))
    scalar.type = Scalar.QUOTE_DOUBLE;
  return stringify(scalar, { ...options, blockQuote: false }).trimEnd();
}

/** Any value on one line. */
export function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (value === null || typeof value !== 'object') return scalarText(value, undefined, true);
  const pairs = Object.entries(value).map(
    ([key, one]) => `${scalarText(key, undefined, true)}: ${flowText(one)}`,
  );
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** Any value as lines, the first at column 0; `step` columns for each level. */
export function blockText(value: Json, step: number, indentSeq: boolean): string {
  return stringify(value, { ...options, indent: Math.max(step, 1), indentSeq, nullStr: '' }).replace(
    /\n$/,
    '',
  );
}

/** A string in the style of a block scalar, its lines `columns` to the right; undefined when it cannot be one. */
export function blockScalarText(value: Json, like: unknown, columns: number): string | undefined {
  if (typeof value !== 'string' || !folded.has(like) || !value.includes('\n')) return undefined;
  const chomp = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  if (lines[0]?.startsWith(' ')) return undefined;
  return [`|${chomp}`, ...lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line)), ''].join(
    '\n',
  );
}
