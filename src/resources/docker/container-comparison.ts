import type { Change } from '../resource.ts';
import { containerOptions } from './container-options.ts';
import type { ContainerArguments } from './container-schema.ts';
import { asTexts, type Inspected, member } from './docker-client.ts';
import { fullImageName, isImageId } from './image-name.ts';
import type { ContainerOption } from './option-shapes.ts';

/** What is known of a container and what it is made of. */
export interface ContainerState {
  readonly fault: string | undefined;
  readonly container: Inspected;
  readonly image: Inspected;
  /** What the registry has; undefined where that was not asked, or nobody can say. */
  readonly digest: string | undefined;
  /** Lines of the file with its environment. */
  readonly environment: readonly string[] | undefined;
}

/** Whether the image is looked for in its registry each time. */
export function pullsAlways({ pull }: ContainerArguments): boolean {
  return pull === true || pull === 'always';
}

const shapes = { value: 'strict', list: 'strict', set: 'allow_more_present' } as const;

function modeOf(want: ContainerArguments, name: string, fallback: string): string {
  const { comparisons = {} } = want;
  return String(comparisons[name] ?? comparisons['*'] ?? fallback);
}

function differs(
  option: ContainerOption,
  mode: string,
  wanted: readonly string[],
  found: readonly string[],
): boolean {
  if (mode === 'ignore') return false;
  if (option.shape !== 'set') return JSON.stringify(wanted) !== JSON.stringify(found);
  const missing = wanted.some((one) => !found.includes(one));
  return missing || (mode === 'strict' && found.some((one) => !wanted.includes(one)));
}

/** The environment that is wanted, by names. */
export function environmentOf(
  { env }: ContainerArguments,
  file: readonly string[] = [],
): ReadonlyMap<string, string> {
  const lines = file
    .filter((line) => line.includes('=') && !line.trimStart().startsWith('#'))
    .map(
      (line) => [line.slice(0, line.indexOf('=')).trimStart(), line.slice(line.indexOf('=') + 1)] as const,
    );
  return new Map([...lines, ...asTexts(env)]);
}

// Values of an environment are often secret: a plan says which differ, not what they are.
function environmentChanges(want: ContainerArguments, have: ContainerState): readonly Change[] {
  const mode = modeOf(want, 'env', shapes.set);
  if (mode === 'ignore' || (want.env === undefined && want.env_file === undefined)) return [];
  const list = (of: Inspected) => {
    const found = member(of, 'Config', 'Env');
    return new Map(
      (Array.isArray(found) ? found : []).map((one) => {
        const [name = '', ...rest] = String(one).split('=');
        return [name, rest.join('=')] as const;
      }),
    );
  };
  const found = list(have.container);
  const wanted = environmentOf(want, have.environment);
  const more =
    mode === 'strict'
      ? [...found.keys()].filter((name) => !wanted.has(name) && !list(have.image).has(name))
      : [];
  return [
    ...[...wanted].flatMap(([name, value]): readonly Change[] =>
      found.get(name) === value
        ? []
        : [{ attribute: `env.${name}`, from: found.has(name) ? 'another value' : 'absent', to: 'set' }],
    ),
    ...more.map((name): Change => ({ attribute: `env.${name}`, from: 'set', to: 'absent' })),
  ];
}

function imageChanges(want: ContainerArguments, have: ContainerState): readonly Change[] {
  if (want.image === undefined || want.ignore_image || modeOf(want, 'image', 'strict') === 'ignore')
    return [];
  const name = fullImageName(want.image);
  const made = String(member(have.container, 'Config', 'Image') ?? '');
  if (!have.image || member(have.image, 'Id') !== member(have.container, 'Image'))
    return [{ attribute: 'image', from: made, to: have.image ? name : `${name}, pulled` }];
  const otherName = !isImageId(name) && !isImageId(made) && fullImageName(made) !== name;
  return otherName && want.image_name_mismatch !== 'ignore'
    ? [{ attribute: 'image', from: made, to: name }]
    : [];
}

/** Where a container that is there differs so that it must be made anew, or at least altered. */
export function containerDifferences(
  want: ContainerArguments,
  have: ContainerState,
): {
  readonly anew: readonly Change[];
  readonly update: readonly ContainerOption[];
  readonly changes: readonly Change[];
} {
  const differing = containerOptions.flatMap((option) => {
    const wanted = option.wanted(want);
    if (wanted === undefined) return [];
    const found = option.found(have.container);
    if (!differs(option, modeOf(want, option.name, shapes[option.shape]), wanted, found)) return [];
    const shown = (list: readonly string[]) => list.join(' ') || 'unset';
    const change: Change = { attribute: option.name, from: shown(found), to: shown(wanted) };
    return [{ option, change }];
  });
  const anew = [
    ...imageChanges(want, have),
    ...environmentChanges(want, have),
    ...differing.flatMap(({ option, change }) => (option.update ? [] : [change])),
  ];
  const updates = differing.filter(({ option }) => option.update);
  return {
    anew,
    update: updates.map(({ option }) => option),
    changes: [...anew, ...updates.map(({ change }) => change)],
  };
}

type Network = NonNullable<ContainerArguments['networks']>[number];

function fits(wanted: Network, found: unknown): boolean {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const address = (key: string, value: string | undefined) =>
    value === undefined || member(found, 'IPAMConfig', key) === value;
  const held = (value: readonly string[] | undefined, key: string) =>
    (value ?? []).every((one) => list(member(found, key)).includes(one));
  return (
    address('IPv4Address', wanted.ipv4_address) &&
    address('IPv6Address', wanted.ipv6_address) &&
    held(wanted.aliases, 'Aliases') &&
    held(
      wanted.links?.map((link) => (link.includes(':') ? link : `${link}:${link}`)),
      'Links',
    )
  );
}

/** Networks that it is to be connected with, anew, and those that it leaves. */
export function networkDifferences(
  want: ContainerArguments,
  container: Inspected,
): {
  readonly joins: readonly Network[];
  readonly leaves: readonly string[];
  readonly changes: readonly Change[];
} {
  const found = Object(member(container, 'NetworkSettings', 'Networks') ?? {}) as Record<string, unknown>;
  const { networks = [] } = want;
  const joins = networks.filter((one) => !(one.name in found) || !fits(one, found[one.name]));
  const purges = want.purge_networks || want.comparisons?.networks === 'strict';
  const leaves = purges
    ? Object.keys(found).filter((name) => networks.every((one) => one.name !== name))
    : [];
  return {
    joins,
    leaves: [...leaves, ...joins.flatMap(({ name }) => (name in found ? [name] : []))],
    changes: [
      ...joins.map(({ name }) => ({
        attribute: `network ${name}`,
        from: name in found ? 'connected otherwise' : 'absent',
        to: 'connected',
      })),
      ...leaves.map((name) => ({ attribute: `network ${name}`, from: 'connected', to: 'absent' })),
    ],
  };
}
