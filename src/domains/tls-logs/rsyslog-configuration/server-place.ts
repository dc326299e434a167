import { configured, type LoadedModule } from './configured.ts';
import { type ConfigurationFiles, effectiveConfiguration, mainFile } from './effective-configuration.ts';
import { parameter, placeText } from './statement.ts';
import { readStatements } from './statement-reader.ts';

/** Where a drop-in of rsyslog goes, and what is in it on this host. */
export interface DropIn {
  readonly path: string;
  readonly content: string;
  /** Why it would not work, whatever its place. */
  readonly faults: readonly string[];
}

/**
 * Fits a drop-in into what a host has. A module that another file loads is not loaded again, for rsyslogd refuses who loads it second; and what
 * uses a module must be read after who loads it: `behind` is the place for a file that must come late.
 */
export function fittedDropIn(
  files: ConfigurationFiles,
  wanted: { readonly dest: string; readonly behind: string; readonly content: string },
): DropIn {
  const { dest, behind, content } = wanted;
  const own = readStatements(dest, content);
  const loads = configured(own).modules;
  const used = configured(own).listeners.map(({ module }) => module);
  const names = [...new Set([...loads.map(({ name }) => name), ...used])];
  const others = new Map([...files].filter(([file]) => file !== dest && file !== behind));
  const elsewhere = configured(effectiveConfiguration(others)).modules.filter(({ name }) =>
    names.includes(name),
  );
  const places = [dest, behind].filter((path) =>
    elsewhere.every((module) => isReadBefore(others, module, path)),
  );
  const path = places[0] ?? dest;
  const late = elsewhere.filter((module) => !isReadBefore(others, module, behind));
  return {
    path,
    content: withoutLoads(content, loads, elsewhere),
    faults: [
      ...late.map(
        ({ name, at }) =>
          `${placeText(at)} loads ${name} after the files of /etc/rsyslog.d were read, so that none of them can use it, and rsyslogd loads a module once: move that line up, before the include of /etc/rsyslog.d in ${mainFile}`,
      ),
      ...names
        .filter((name) => ![...loads, ...elsewhere].some((module) => module.name === name))
        .map((name) => `no file loads ${name}: leave rsyslog_server_load_${name} at true`),
      ...loads.flatMap((module) => differing(module, elsewhere)),
    ],
  };
}

// A drop-in is read where its name stands among the others; it is put there to see.
function isReadBefore(others: ConfigurationFiles, { at }: LoadedModule, path: string): boolean {
  const order = effectiveConfiguration(new Map([...others, [path, 'input(type="here")']]));
  const here = order.findIndex((statement) => statement.at.file === path);
  const there = order.findIndex((one) => one.at.file === at.file && one.at.line === at.line);
  return here < 0 || there < here;
}

// The other file's parameters count: what ours would set must be set there.
function differing(own: LoadedModule, elsewhere: readonly LoadedModule[]): readonly string[] {
  const other = elsewhere.find(({ name }) => name === own.name);
  if (!other) return [];
  return [...own.parameters].flatMap(([name, [value = '']]) => {
    if (name === 'load' || parameter(other.parameters, name)?.toLowerCase() === value.toLowerCase())
      return [];
    return [
      `${placeText(other.at)} loads ${own.name} without ${name}="${value}", which the TLS listener needs: add it there`,
    ];
  });
}

function withoutLoads(
  content: string,
  loads: readonly LoadedModule[],
  elsewhere: readonly LoadedModule[],
): string {
  const lines = content.split('\n');
  for (const { name, at } of loads) {
    const other = elsewhere.find((one) => one.name === name);
    if (other) lines.splice(at.line - 1, at.end - at.line + 1, `# ${name} is loaded by ${other.at.file}.`);
  }
  return lines.join('\n');
}
