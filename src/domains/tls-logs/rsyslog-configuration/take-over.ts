import { type Configured, configured, type Forwarder, type Listener } from './configured.ts';
import { type ConfigurationFiles, effectiveConfiguration, mainFile } from './effective-configuration.ts';
import { type LineChange, lineOf } from './line-change.ts';
import { belongsToForwarding, belongsToReceiving, hasNothingElse } from './lone-purpose.ts';
import { isAt, type Place, placeText, type Statement } from './statement.ts';
import { strayBraces } from './statement-reader.ts';

/** What is moved of a file: all of it, or lines of it, which become comments. */
export interface TakenFile {
  readonly path: string;
  /** What it did, in words. */
  readonly did: string;
  /** Empty: the file has nothing else, and goes as a whole. */
  readonly lines: readonly LineChange[];
}

/** A file of a take-over in words, as a plan shows it. */
export function movedFile({ path, did, lines }: TakenFile): { path: string; did: string; lines: number[] } {
  return { path, did, lines: lines.map(({ line }) => line) };
}

/** What is taken over, and why some of it cannot be. */
export interface TakeOver {
  readonly files: readonly TakenFile[];
  readonly faults: readonly string[];
}

/** What stands before a line that was taken over. */
export const takenMark = '#provision, taken over: ';

// Before a brace that closes nothing: it is never put back.
const strayMark = '#provision, a brace too many: ';

const folder = '/etc/rsyslog.d/';
const loopback = /^\[?(127\.[\d.]+|::1|localhost)\]?$/i;

/** The host of a target such as `[::1]:514`. */
export function targetHost(target: string): string {
  const [, bracketed, bare] = /^(?:\[([^\]]*)\]|([^:]*)(?::\d+)?$)/.exec(target) ?? [];
  return (bracketed ?? bare ?? target).toLowerCase();
}

/** The forwarders that send what this host itself logs to one of these names. */
export function forwardersTo(
  files: ConfigurationFiles,
  names: readonly string[],
  keep: readonly string[],
): readonly Forwarder[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return configured(effectiveConfiguration(files)).forwarders.filter(
    ({ target, ruleset, at }) => ruleset === '' && !keep.includes(at.file) && wanted.has(targetHost(target)),
  );
}

/** The ports on which other hosts reach rsyslogd. */
export function openListeners(files: ConfigurationFiles, keep: readonly string[]): readonly Listener[] {
  return opened(configured(effectiveConfiguration(files)), keep);
}

function opened({ listeners }: Configured, keep: readonly string[]): readonly Listener[] {
  return listeners.filter(({ address, at }) => !loopback.test(address) && !keep.includes(at.file));
}

/** Takes over what sends to these names. */
export function takenForwarders(
  files: ConfigurationFiles,
  names: readonly string[],
  keep: readonly string[],
): TakeOver {
  const found = forwardersTo(files, names, keep);
  return taken(
    files,
    found.map(({ at, target }) => ({ at, did: `sends to ${target}` })),
    (statement) => belongsToForwarding(statement) || found.some(({ at }) => isAt(statement, at)),
  );
}

/** Takes over what receives, with the modules that nothing else uses then. */
export function takenListeners(files: ConfigurationFiles, keep: readonly string[]): TakeOver {
  const all = configured(effectiveConfiguration(files));
  const found = opened(all, keep);
  const left = all.listeners.filter((one) => !found.includes(one)).map(({ module }) => module);
  const modules = all.modules.filter(
    ({ name, at }) =>
      !keep.includes(at.file) && !left.includes(name) && found.some(({ module }) => module === name),
  );
  return taken(
    files,
    [
      ...found.map(({ at, protocol, port }) => ({
        at,
        did: `receives on ${protocol.toUpperCase()} port ${port}`,
      })),
      ...modules.map(({ at, name }) => ({ at, did: `loads ${name}` })),
    ],
    (statement) =>
      belongsToReceiving(statement) || [...found, ...modules].some(({ at }) => isAt(statement, at)),
  );
}

/** Takes out closing braces that close nothing: rsyslogd goes on without them, but a check of the configuration fails. */
export function takenStrays(files: ConfigurationFiles, keep: readonly string[]): TakeOver {
  const all = [...files].filter(([path]) => !keep.includes(path));
  return {
    faults: [],
    files: all.flatMap(([path, text]) => {
      const lines = strayBraces(path, text).flatMap((line) =>
        marked(files, { file: path, line, end: line }, strayMark),
      );
      return lines.length === 0 ? [] : [{ path, did: 'has a brace too many', lines }];
    }),
  };
}

interface Part {
  readonly at: Place;
  readonly did: string;
}

function taken(
  files: ConfigurationFiles,
  parts: readonly Part[],
  belongs: (statement: Statement) => boolean,
): TakeOver {
  const paths = [...new Set(parts.map(({ at }) => at.file))];
  const faults: string[] = [];
  const all = paths.map((path): TakenFile => {
    const own = parts.filter(({ at }) => at.file === path);
    const did = [...new Set(own.map((one) => one.did))].join(', ');
    const whole = path.startsWith(folder) && path !== mainFile && hasNothingElse(path, files, belongs);
    if (whole) return { path, did, lines: [] };
    const hanging = own.flatMap(({ at }) => hangingOn(files, at));
    faults.push(...hanging.filter(({ harmless }) => !harmless).map(({ at }) => hangingFault(at)));
    const lines = [...own.map(({ at }) => at), ...hanging.map(({ at }) => at)].flatMap((at) =>
      marked(files, at),
    );
    return { path, did, lines };
  });
  return { files: all, faults };
}

// The next line may be one more action of the same rule.
function hangingOn(files: ConfigurationFiles, { file, end }: Place) {
  const line = end + 1;
  const text = lineOf(files, file, line).trim();
  if (!text.startsWith('&')) return [];
  return [{ at: { file, line, end: line }, harmless: /^&\s*(stop|~)\s*$/.test(text) }];
}

function hangingFault(at: Place): string {
  return `${placeText(at)} belongs to the rule of the line before, which is to be taken over: give it a selector of its own, or name ${at.file} in log_take_over_keep`;
}

function marked(
  files: ConfigurationFiles,
  { file, line, end }: Place,
  mark = takenMark,
): readonly LineChange[] {
  return Array.from({ length: end - line + 1 }, (_, index) => {
    const text = lineOf(files, file, line + index);
    return { file, line: line + index, text, lines: [`${mark}${text}`] };
  });
}

/** The lines that a take-over made comments of, as they were. */
export function untakenLines(files: ConfigurationFiles): readonly LineChange[] {
  return [...files].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        line.startsWith(takenMark)
          ? [{ file, line: index + 1, text: line, lines: [line.slice(takenMark.length)] }]
          : [],
      ),
  );
}
