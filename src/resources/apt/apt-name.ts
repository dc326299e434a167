/** A package as apt takes it: name, architecture, version. */
export interface AptName {
  readonly text: string;
  readonly name: string;
  readonly architecture: string | undefined;
  /** May end in `*`. */
  readonly version: string | undefined;
}

/** How a package is written: `name`, `name:arch`, `name=version`, and `*` for all that is installed. */
export const aptNamePattern = '^ *(\\*|[A-Za-z0-9][A-Za-z0-9+._-]*(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~*-]+)?) *$';

/** Takes a package's name apart. */
export function readAptName(written: string): AptName {
  const text = written.trim();
  const [, name = text, architecture, version] = /^([^:=]+)(?::([^=]+))?(?:=(.+))?$/.exec(text) ?? [];
  return { text, name, architecture, version };
}

/** Whether an installed version is the wanted one. */
export function versionFits(wanted: string | undefined, installed: string): boolean {
  if (wanted === undefined) return true;
  const [first = '', ...rest] = wanted.split('*');
  if (rest.length === 0) return wanted === installed;
  let at = installed.startsWith(first) ? first.length : -1;
  for (const [index, part] of rest.entries()) {
    if (at < 0) return false;
    const last = index === rest.length - 1;
    const found = last ? installed.length - part.length : installed.indexOf(part, at);
    at = found >= at && installed.startsWith(part, found) ? found + part.length : -1;
  }
  return at >= 0;
}
