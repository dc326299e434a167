/** What a shell can ask for while a command is typed. */
export const completionKinds = ['hosts', 'tags', 'tasks', 'variables'] as const;
export type CompletionKind = (typeof completionKinds)[number];

/** What stands behind an option, by its long name. */
export const completedOptions: Readonly<Record<string, CompletionKind>> = {
  '--limit': 'hosts',
  '--tags': 'tags',
  '--skip-tags': 'tags',
  '--start-at-task': 'tasks',
  '--extra-vars': 'variables',
};
