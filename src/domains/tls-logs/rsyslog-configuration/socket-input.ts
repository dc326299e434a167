import { type Configured, configured, type LoadedModule } from './configured.ts';
import { type ConfigurationFiles, effectiveConfiguration } from './effective-configuration.ts';
import { type LineChange, lineOf } from './line-change.ts';
import { placeText, type Statement } from './statement.ts';

/** What has to be done about a module, in words and in lines. */
interface ModuleChange {
  readonly module: string;
  readonly from: string;
  readonly to: string;
  readonly lines: readonly LineChange[];
}

/** What rsyslogd is to read, as it differs from what it reads. */
export interface InputDifference {
  readonly changes: readonly ModuleChange[];
  /** Why it cannot be brought about. */
  readonly faults: readonly string[];
}

const modules = ['imuxsock', 'imklog'];
const mark = '#provision, the journal is read instead: ';
const systemSocketOff = 'module(load="imuxsock" SysSock.Use="off")';
const kept = `${systemSocketOff} #provision, for sockets of other programs`;

/**
 * What differs where the journal is to be read and nothing else: sockets and the kernel's ring are not, but for the sockets that other
 * files ask for. Those need imuxsock, without the system's own socket.
 */
export function journalOnly(files: ConfigurationFiles): InputDifference {
  const statements = effectiveConfiguration(files);
  const found = configured(statements);
  const needed = found.sockets.length > 0;
  const changes: ModuleChange[] = [];
  const faults: string[] = [];
  for (const module of found.modules.filter(({ name }) => modules.includes(name))) {
    const isKept = lineOf(files, module.at.file, module.at.line) === kept;
    const harmless = module.name === 'imuxsock' && (needed || !isKept) && systemSocketIsOff(module);
    if (harmless) continue;
    const shared = statements.find((other) => sharesLine(other, module));
    if (shared) {
      faults.push(
        `${placeText(module.at)} loads ${module.name} on a line with something else: put it on a line of its own`,
      );
      continue;
    }
    changes.push(isKept ? unkept(files, module) : unloaded(files, module, found));
  }
  const loaded = found.modules.some(({ name }) => name === 'imuxsock');
  if (needed && !loaded) {
    const change = loadedForSockets(files, found);
    if (change) changes.push(change);
    else faults.push(unservedSocket(found));
  }
  return { changes, faults };
}

/** What differs where sockets and the kernel's ring are to be read again, as before provision came. */
export function socketsAgain(files: ConfigurationFiles): InputDifference {
  const changes = modules.flatMap((module): ModuleChange[] => {
    const marked = markedLines(files, module);
    const own = module === 'imuxsock' ? linesThatAre(files, kept) : [];
    const lines = [...marked.map(unmarked), ...own.map((at) => ({ ...at, lines: [] }))];
    const [first] = lines;
    return marked.length === 0 || !first
      ? []
      : [{ module, from: 'not loaded', to: `loaded by ${first.file}:${first.line}`, lines }];
  });
  return { changes, faults: [] };
}

function systemSocketIsOff({ parameters }: LoadedModule): boolean {
  return /^(off|no|0)$/i.test(parameters.get('syssock.use')?.[0] ?? '');
}

function sharesLine(other: Statement, { at }: LoadedModule): boolean {
  if (other.at.file !== at.file || other.at.line > at.end || other.at.end < at.line) return false;
  return other.at.line !== at.line || other.at.end !== at.end || !loadsOneOf(other);
}

function loadsOneOf(statement: Statement): boolean {
  return configured([statement]).modules.some(({ name }) => modules.includes(name));
}

function sockets({ sockets: all }: Configured): string {
  return [...new Set(all.map(({ at }) => placeText(at)))].join(', ');
}

function unkept(files: ConfigurationFiles, { name, at }: LoadedModule): ModuleChange {
  const line = { file: at.file, line: at.line, text: lineOf(files, at.file, at.line), lines: [] };
  return {
    module: name,
    from: `loaded for sockets that nothing asks for any more`,
    to: 'not loaded',
    lines: [line],
  };
}

function unloaded(files: ConfigurationFiles, { name, at }: LoadedModule, found: Configured): ModuleChange {
  const count = at.end - at.line + 1;
  const keeps = name === 'imuxsock' && found.sockets.length > 0;
  const lines = Array.from({ length: count }, (_, index) => {
    const line = at.line + index;
    const text = lineOf(files, at.file, line);
    const behind = keeps && line === at.end ? [kept] : [];
    return { file: at.file, line, text, lines: [`${mark}${text}`, ...behind] };
  });
  const to = keeps ? `loaded for ${sockets(found)} only` : 'not loaded';
  return { module: name, from: `loaded by ${placeText(at)}`, to, lines };
}

function markedLines(files: ConfigurationFiles, module: string) {
  return [...files].flatMap(([file, text]) => {
    const lines = text.split('\n').map((line, index) => ({ file, line: index + 1, text: line }));
    // A statement of several lines has a mark on each.
    const runs: (typeof lines)[] = [];
    for (const one of lines.filter(({ text: line }) => line.startsWith(mark))) {
      const run = runs.at(-1);
      if (run && run.at(-1)?.line === one.line - 1 && !opensStatement(one.text)) run.push(one);
      else runs.push([one]);
    }
    return runs.filter((run) => run.some(({ text: line }) => line.includes(module))).flat();
  });
}

function opensStatement(line: string): boolean {
  return /^\s*(module\s*\(|\$ModLoad\s)/i.test(line.slice(mark.length));
}

function unmarked(one: Omit<LineChange, 'lines'>): LineChange {
  return { ...one, lines: [one.text.slice(mark.length)] };
}

function linesThatAre(files: ConfigurationFiles, wanted: string): readonly Omit<LineChange, 'lines'>[] {
  return [...files].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => (line === wanted ? [{ file, line: index + 1, text: line }] : [])),
  );
}

function loadedForSockets(files: ConfigurationFiles, found: Configured): ModuleChange | undefined {
  const last = markedLines(files, 'imuxsock').at(-1);
  if (!last) return undefined;
  const line = { ...last, lines: [last.text, kept] };
  return { module: 'imuxsock', from: 'not loaded', to: `loaded for ${sockets(found)} only`, lines: [line] };
}

function unservedSocket({ sockets: [first] }: Configured): string {
  const at = first ? placeText(first.at) : '';
  return `${at} asks for a socket of imuxsock, which no file loads, so that rsyslogd drops the line at its start and refuses the whole configuration when it is checked: write ${systemSocketOff} before it, or take it out`;
}
