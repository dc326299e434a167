/** What goes wrong with a changelog that is to be released. */
export class ReleaseError extends Error {}

/** The text of a version's tag: its section of the changelog. Throws ReleaseError when the changelog is not ready for it. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## (?=\[)/m).slice(1);
  const [unreleased = '', ...released] = sections;
  if (!unreleased.startsWith('[Unreleased]'))
    throw new ReleaseError('CHANGELOG.md does not begin with ## [Unreleased]');
  if (unreleased.replace('[Unreleased]', '').trim() !== '')
    throw new ReleaseError(
      `CHANGELOG.md has lines below ## [Unreleased]: move them below ## [${version}], or raise the version in package.json`,
    );
  const [first = ''] = released;
  const [, named, date] = /^\[([^\]]+)\] - (\S+)/.exec(first) ?? [];
  if (named !== version)
    throw new ReleaseError(
      `package.json has version ${version}, but the first of CHANGELOG.md is ${named ?? 'none'}: they must be the same`,
    );
  if (!/^\d{4}-\d\d-\d\d$/.test(date ?? ''))
    throw new ReleaseError(`CHANGELOG.md gives no date for ${version}: ## [${version}] - YYYY-MM-DD`);
  if (!/^### Upgrade notes$/m.test(first))
    throw new ReleaseError(
      `CHANGELOG.md has no ### Upgrade notes for ${version}: write them, or that none are needed`,
    );
  // git takes lines with # for comments unless it is asked not to.
  const body = first.slice(first.indexOf('\n')).replace(/^### /gm, '').trim();
  return `provision ${version}\n\n${body}\n`;
}
