/**
 * Why a file cannot be read; undefined when it could.
 * @param what names its role: `certificate`
 * @param issue how it comes to be there
 */
export function fileFault(
  kind: string,
  what: string,
  path: string,
  user: string,
  issue: string,
): string | undefined {
  const hidden = user === 'root' ? '' : `, or ${user} may not see it`;
  switch (kind) {
    case 'missing':
      return `there is no ${what} ${path}${hidden}${issue}`;
    case 'directory':
      return `the ${what} ${path} is a directory: name the file in it`;
    case 'special':
      return `the ${what} ${path} is not a regular file: name a file`;
    case 'unreadable':
      return `${user} may not read the ${what} ${path}: let root do it (become: true), or let ${user} read it`;
    default:
      return undefined;
  }
}
