import { type Static, Type } from 'typebox';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { needsOneOf } from './argument-schemas.ts';
import { writeFileSteps } from './files/file-write.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
        description: 'the zone, as in Europe/Vienna',
      }),
    ),
    hwclock: Type.Optional(
      Type.Enum(['local', 'UTC'], { description: 'what the hardware clock shows: local time or UTC' }),
    ),
  },
  { additionalProperties: false, ...needsOneOf('name', 'hwclock') },
);

type Arguments = Static<typeof schema>;

interface KeptFile {
  readonly stat: FileStat;
  readonly text: string | undefined;
}

interface State {
  /** The host has data for the wanted zone. */
  readonly known: boolean;
  /** The zone that /etc/localtime links to; undefined when there is none, or none that a link names. */
  readonly current: string | undefined;
  /** Debian's second place for the name; it counts only where it is there. */
  readonly named: KeptFile;
  readonly adjtime: KeptFile;
}

const zones = '/usr/share/zoneinfo/';
const link = '/etc/localtime';
const nameFile = '/etc/timezone';
const clockFile = '/etc/adjtime';

function clockOf({ text = '' }: KeptFile): 'local' | 'UTC' {
  return text.split('\n')[2]?.trim() === 'LOCAL' ? 'local' : 'UTC';
}

function clockText({ text = '' }: KeptFile, clock: 'local' | 'UTC'): string {
  const [drift, last] = text.split('\n');
  return `${drift || '0.0 0 0.0'}\n${last || '0'}\n${clock === 'local' ? 'LOCAL' : 'UTC'}\n`;
}

function written(path: string, { stat }: KeptFile, text: string): Step[] {
  const replaced = stat.kind === 'file' ? stat : undefined;
  return writeFileSteps({ path, content: Buffer.from(text), replaced, ownership: {} });
}

const setClock = `${systemPath}
if command -v hwclock >/dev/null && { [ -e /dev/rtc ] || [ -e /dev/rtc0 ]; }; then hwclock --systohc; fi`;

/** The time zone of a host, and what its hardware clock shows. */
export const timezone: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'timezone',
  summary: 'Set the time zone, and whether the hardware clock shows local time',
  schema,
  argumentAliases: { hwclock: ['rtc'] },
  effect: 'contained',
  paths: () => [link, nameFile, clockFile],
  probe: ({ name }) => {
    const text = { most: 65_536 };
    const asks = {
      zone: name === undefined ? undefined : path(`${zones}${name}`),
      at: path(link),
      named: path(nameFile, { text }),
      adjtime: path(clockFile, { text }),
    };
    return asking(asks, ({ zone, at, named, adjtime }) => ({
      known: zone?.behind.kind === 'file',
      current: /(?:^|\/)zoneinfo\/(.+)$/.exec(at.points ?? '')?.[1],
      named: { stat: named.stat, text: named.content?.toString('utf8') },
      adjtime: { stat: adjtime.stat, text: adjtime.content?.toString('utf8') },
    }));
  },
  reliesOn: ({ name }) => (name === undefined ? [] : [`${zones}${name}`]),
  refuse: ({ name }, { known }) =>
    name === undefined || known
      ? []
      : [`the host has no time zone ${name}: it is misspelt, or the package tzdata is missing`],
  diff({ name, hwclock }, { current, named, adjtime }) {
    const changes: Change[] = [];
    if (name !== undefined && current !== name)
      changes.push({ attribute: 'name', from: current ?? 'absent', to: name });
    const second = named.text?.trim();
    if (name !== undefined && second !== undefined && second !== name)
      changes.push({ attribute: `name in ${nameFile}`, from: second, to: name });
    if (hwclock !== undefined && clockOf(adjtime) !== hwclock)
      changes.push({ attribute: 'hwclock', from: clockOf(adjtime), to: hwclock });
    return changes;
  },
  steps({ name, hwclock }, changes, { named, adjtime }) {
    const steps: Step[] = [];
    const differs = new Set(changes.map(({ attribute }) => attribute));
    if (differs.has('name')) {
      const script = [
        `provision_save ${link} || exit 1`,
        `ln -sfn -- ${quote(`${zones}${name}`)} ${link}.new && mv -fT -- ${link}.new ${link}`,
      ].join('\n');
      steps.push({ kind: 'script', script });
    }
    if (differs.has(`name in ${nameFile}`)) steps.push(...written(nameFile, named, `${name}\n`));
    if (hwclock !== undefined && differs.has('hwclock')) {
      steps.push(...written(clockFile, adjtime, clockText(adjtime, hwclock)));
      steps.push({ kind: 'script', script: setClock });
    }
    return steps;
  },
  result: ({ name, hwclock }) => ({
    ...(name !== undefined && { name }),
    ...(hwclock !== undefined && { hwclock }),
  }),
};
