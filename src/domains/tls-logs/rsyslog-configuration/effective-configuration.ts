import { parameter, type Statement } from './statement.ts';
import { readStatements } from './statement-reader.ts';

/** Files of a host as they were brought: names and what stands in them. */
export type ConfigurationFiles = ReadonlyMap<string, string>;

/** The file that rsyslogd begins with. */
export const mainFile = '/etc/rsyslog.conf';

// rsyslogd gives up much earlier.
const deepest = 20;

/** All statements in the order in which rsyslogd reads them, the files of an include in the place of the include. */
export function effectiveConfiguration(files: ConfigurationFiles, main = mainFile): readonly Statement[] {
  const names = [...files.keys()].sort((one, other) => (one < other ? -1 : 1));
  const read = (file: string, above: readonly string[]): readonly Statement[] => {
    if (above.includes(file) || above.length > deepest) return [];
    return readStatements(file, files.get(file) ?? '').flatMap((statement) => {
      const pattern = includedBy(statement);
      if (pattern === undefined) return [statement];
      const found = names.filter((name) => matches(pattern, name));
      return [statement, ...found.flatMap((name) => read(name, [...above, file]))];
    });
  };
  return files.has(main) ? read(main, []) : [];
}

/** The path or pattern that a statement includes; undefined for all others. */
function includedBy(statement: Statement): string | undefined {
  if (statement.kind === 'directive') {
    return statement.name === 'includeconfig' ? statement.value : undefined;
  }
  return statement.kind === 'object' && statement.name === 'include'
    ? parameter(statement.parameters, 'file')
    : undefined;
}

/** Whether a pattern of an include, as sh expands it, means a file; a directory means all in it. */
export function matches(pattern: string, file: string): boolean {
  if (pattern.endsWith('/')) return matches(`${pattern}*`, file);
  const source = pattern.replace(/\[!/g, '[^').replace(/[*?]|\[[^\]/]+\]|[\\^$.|+(){}[\]]/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.length > 1 ? part : `\\${part}`;
  });
  // A hidden file is named only by who names its dot.
  const hidden = file.slice(file.lastIndexOf('/') + 1).startsWith('.');
  return new RegExp(`^${source}$`).test(file) && (!hidden || pattern.includes('/.'));
}
