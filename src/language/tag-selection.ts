/** Words that --tags and --skip-tags understand beside tags that tasks carry. */
export const specialTags: readonly string[] = ['all', 'always', 'never', 'tagged', 'untagged'];

function matches(tags: readonly string[], word: string): boolean {
  if (word === 'all') return true;
  if (word === 'tagged') return tags.some((tag) => tag !== 'always' && tag !== 'never');
  if (word === 'untagged') return tags.every((tag) => tag === 'always' || tag === 'never');
  return tags.includes(word);
}

/**
 * Whether a task runs, as Ansible decides it: `always` runs unless it is skipped by name, `never` only when one of
 * its tags is asked for by name.
 * @param only from --tags; empty means all
 * @param skip from --skip-tags
 */
export function isSelected(
  tags: readonly string[],
  only: readonly string[],
  skip: readonly string[],
): boolean {
  const wanted = only.length === 0 ? ['all'] : only;
  const named = tags.some((tag) => wanted.includes(tag));
  const selected = tags.includes('never')
    ? named
    : tags.includes('always') || wanted.some((word) => matches(tags, word));
  if (!selected || skip.length === 0) return selected;
  // Skipping all, or all that is tagged, leaves what must always run.
  return !skip.some((word) => {
    const general = word === 'all' || word === 'tagged' || word === 'untagged';
    if (general && tags.includes('always') && !skip.includes('always')) return false;
    return matches(tags, word);
  });
}
