/** A package as pip is asked for it. */
export interface Requirement {
  /** As it is compared: lower case, one dash where dots, dashes and underscores are. */
  readonly name: string;
  /** Conditions on its version, as in >=1.2. */
  readonly versions: readonly string[];
}

/** The name as PEP 503 compares it. */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** Reads `name[extra]>=1,<2`; undefined for addresses, paths and what depends on a marker. */
export function readRequirement(text: string): Requirement | undefined {
  const [, name, versions = ''] =
    /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:(?:===?|[<>!~]=|[<>])\s*[^\s,;()]+\s*,?\s*)*)\)?\s*$/.exec(
      text,
    ) ?? [];
  if (name === undefined) return undefined;
  const list = versions
    .split(',')
    .map((one) => one.replaceAll(/\s/g, ''))
    .filter(Boolean);
  return { name: normalName(name), versions: list };
}

interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** What makes it earlier or later than the release itself; compared one by one. */
  readonly rest: readonly number[];
}

const stages: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

// PEP 440, as far as versions have that form; local parts do not count.
function readVersion(text: string): Version | undefined {
  const [all, epoch = '0', release = '', stage, stageNumber = '0', post, postNumber, dev, devNumber = '0'] =
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?([-_.]?dev[-_.]?(\d*))?(?:\+.*)?$/.exec(
      text.trim().toLowerCase(),
    ) ?? [];
  if (all === undefined) return undefined;
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const after = post ?? postNumber;
  const isPost = after !== undefined;
  const isDev = dev !== undefined;
  // A development release without anything else comes before all others of its number.
  const first = stage !== undefined ? (stages[stage] ?? 0) : isDev && !isPost ? -1 : 3;
  const rest = [
    first,
    stage !== undefined ? Number(stageNumber || 0) : 0,
    isPost ? Number(after || 0) : -1,
    isDev ? Number(devNumber || 0) : Number.MAX_SAFE_INTEGER,
  ];
  return { epoch: Number(epoch), release: numbers, rest };
}

function compared(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function order(one: Version, other: Version): number {
  return one.epoch - other.epoch || compared(one.release, other.release) || compared(one.rest, other.rest);
}

function begins(version: Version, text: string): boolean {
  const numbers = text.split('.').map(Number);
  return numbers.every((number, at) => number === (version.release[at] ?? 0));
}

function fits(installed: Version, text: string, condition: string): boolean {
  const [, operator = '', wanted = ''] = /^(===?|[<>!~]=|[<>])(.*)$/.exec(condition) ?? [];
  if (operator === '===') return text === wanted;
  const prefix = /^v?([\d.]+)\.\*$/.exec(wanted)?.[1];
  if (prefix !== undefined) return begins(installed, prefix) === (operator === '==');
  const other = readVersion(wanted);
  if (!other) return false;
  const difference = order(installed, other);
  switch (operator) {
    case '==':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '>=':
      return difference >= 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    default:
      return difference >= 0 && begins(installed, wanted.split('.').slice(0, -1).join('.'));
  }
}

/** Whether an installed version is as wanted. */
export function versionFits({ versions }: Requirement, installed: string): boolean {
  const read = readVersion(installed);
  return versions.every((condition) =>
    read
      ? fits(read, installed, condition)
      : condition === `==${installed}` || condition === `===${installed}`,
  );
}
