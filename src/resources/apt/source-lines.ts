/** One line of a list of repositories, as apt and Ansible read it. */
export interface SourceLine {
  readonly enabled: boolean;
  /** With one space between its words. */
  readonly source: string;
  readonly comment: string;
}

/** Reads a line such as `deb [options] URL suite component`; undefined when it names no repository. */
export function readSourceLine(line: string): SourceLine | undefined {
  let rest = line.trim();
  const enabled = !rest.startsWith('#');
  if (!enabled) rest = rest.slice(1);
  const mark = rest.indexOf('#');
  const comment = mark > 0 ? rest.slice(mark + 1).trim() : '';
  const words = (mark > 0 ? rest.slice(0, mark) : rest).trim().split(/\s+/);
  return words[0] === 'deb' || words[0] === 'deb-src'
    ? { enabled, source: words.join(' '), comment }
    : undefined;
}

function writtenLine({ source, comment }: SourceLine): string {
  return comment === '' ? source : `${source} # ${comment}`;
}

/** The name of the file in which Ansible puts a repository, when none is given. */
export function listName(source: string): string {
  const words = source
    .replaceAll(/\[[^\]]+\]/g, '')
    .replaceAll(/\w+:\/\//g, '')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'deb' && word !== 'deb-src');
  const place = (words[0] ?? '').replace(/^[^@]*@/, '');
  return `${place
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .join('_')}.list`;
}

/** The lines with the repository in use, where it stands in a line that is switched off. */
export function withSourceEnabled(lines: readonly string[], source: string): readonly string[] {
  return lines.map((line) => {
    const read = readSourceLine(line);
    return read?.source === source && !read.enabled ? writtenLine(read) : line;
  });
}

/** The lines without the repository; one that is switched off stays. */
export function withoutSource(lines: readonly string[], source: string): readonly string[] {
  return lines.filter((line) => {
    const read = readSourceLine(line);
    return !(read?.enabled && read.source === source);
  });
}
