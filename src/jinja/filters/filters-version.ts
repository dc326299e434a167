import { TemplateError } from '../values/template-error.ts';
import { textOf } from '../values/value.ts';

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '=': (order) => order === 0,
  eq: (order) => order === 0,
  '!=': (order) => order !== 0,
  '<>': (order) => order !== 0,
  ne: (order) => order !== 0,
  '<': (order) => order < 0,
  lt: (order) => order < 0,
  '<=': (order) => order <= 0,
  le: (order) => order <= 0,
  '>': (order) => order > 0,
  gt: (order) => order > 0,
  '>=': (order) => order >= 0,
  ge: (order) => order >= 0,
};

function parts(version: string): (string | number)[] {
  return (version.match(/\d+|[a-zA-Z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function looseOrder(left: string, right: string): number {
  const [a, b] = [parts(left), parts(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]];
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    if (one === other) continue;
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    // A number is newer than a letter: 1.0 comes behind 1.rc1.
    if (typeof one !== typeof other) return typeof one === 'number' ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

// By semver.org: what stands behind a hyphen comes before the release, what stands behind a plus does not count.
function semanticOrder(left: string, right: string): number {
  const split = (version: string) => /^v?([\d.]+)(?:-([\w.-]+))?(?:\+.*)?$/.exec(version);
  const [a, b] = [split(left), split(right)];
  if (!a || !b) throw new TemplateError(`'${a ? right : left}' is not a semantic version`);
  const release = looseOrder(a[1] ?? '', b[1] ?? '');
  if (release !== 0) return release;
  if (a[2] === undefined || b[2] === undefined)
    return Number(b[2] !== undefined) - Number(a[2] !== undefined);
  return looseOrder(a[2], b[2]);
}

/** Ansible's version comparison: `loose` by default, `semver` on demand. */
export function versionHolds(value: unknown, version: unknown, operator: unknown, type: unknown): boolean {
  const sign = operator === undefined ? '==' : textOf(operator);
  const holds = operators[sign];
  if (!holds) {
    throw new TemplateError(`'${sign}' does not compare versions`, undefined, {
      hint: `use one of: ${Object.keys(operators).join(' ')}`,
    });
  }
  const [left, right] = [textOf(value), textOf(version)];
  if (left === '' || right === '') throw new TemplateError('an empty text is not a version');
  const semantic = type !== undefined && textOf(type).startsWith('sem');
  return holds(semantic ? semanticOrder(left, right) : looseOrder(left, right));
}
