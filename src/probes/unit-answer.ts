import { ProbeError } from './probe-error.ts';
import { startTicks } from './start-ticks.ts';
import { unitProperties } from './unit-program.ts';

/** What systemd says of a unit. */
export interface UnitAnswer {
  /** False on a host that systemd does not run. */
  readonly systemd: boolean;
  /** What runs as process 1, for errors. */
  readonly init: string;
  /** Properties as `systemctl show` names them; empty without a unit. */
  readonly properties: ReadonlyMap<string, string>;
  /** The answer of `systemctl is-enabled`, which also knows init scripts; empty where it was not asked. */
  readonly enablement: string;
  /** Something on disk is newer than what systemd has read; always false for what was not asked. */
  readonly needsReload: boolean;
  /** When its main process began, in ticks of a ClockAnswer; undefined when there is none. */
  readonly began: number | undefined;
}

type Properties = ReadonlyMap<string, string>;

/** What a host answered about all the units that it was asked about. */
export class UnitsAnswer {
  readonly #values = new Map<string, string>();
  readonly #enablements = new Map<string, string>();
  readonly #began = new Map<string, number>();
  readonly #shown = new Map<string, Properties>();

  /** @param names the units in the order in which they were asked */
  constructor(text: string, names: readonly string[]) {
    const [head = '', ...parts] = text.split(/^shown(?= |$)/m);
    for (const line of head.split('\n')) this.#take(line);
    for (const part of parts) {
      const name = part.slice(1, part.indexOf('\n'));
      const blocks = name === '' && names.length > 1 ? part.trim().split(/\n{2,}/) : [part];
      const owners = name === '' ? names : [name];
      // Which is whose cannot be known of more or fewer answers than questions.
      if (blocks.length !== owners.length) continue;
      for (const [index, owner] of owners.entries())
        this.#shown.set(owner, propertiesOf(blocks[index] ?? ''));
    }
  }

  /** What concerns one unit, or none. */
  of(name: string | undefined, reload: boolean): UnitAnswer | ProbeError {
    const systemd = this.#values.get('systemd') === 'yes';
    const shown: Properties = (name === undefined ? undefined : this.#shown.get(name)) ?? new Map();
    const called = [shown.get('Id'), ...(shown.get('Names') ?? '').replaceAll('"', '').split(' ')];
    if (name !== undefined && shown.has('Id') && !called.includes(name)) {
      return new ProbeError(
        `the host was asked about the unit ${name} and answered about ${shown.get('Id')}`,
      );
    }
    const wanted = name !== undefined && systemd ? unitProperties : [];
    return {
      systemd,
      init: this.#values.get('init') ?? 'unknown',
      properties: new Map(wanted.map((property) => [property, shown.get(property) ?? ''])),
      enablement: (name === undefined ? undefined : this.#enablements.get(name)) ?? '',
      needsReload:
        (reload && this.#values.get('reload') === 'yes') || shown.get('NeedDaemonReload') === 'yes',
      began: this.#began.get(shown.get('MainPID') ?? ''),
    };
  }

  #take(line: string): void {
    const [, key = '', value = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
    const [word = '', ...rest] = value.split(' ');
    const ticks = startTicks(value);
    if (key === 'enablement') this.#enablements.set(word, rest.join(' '));
    else if (key === 'stat' && ticks !== undefined) this.#began.set(word, ticks);
    else this.#values.set(key, value);
  }
}

function propertiesOf(block: string): Properties {
  return new Map(
    block.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=');
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
    }),
  );
}
