import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Play, TaskNode } from '../model.ts';
import { specialTags } from '../tag-selection.ts';

function collect(nodes: readonly TaskNode[], into: Set<string>): void {
  for (const node of nodes) {
    if ('block' in node) {
      for (const part of [node.block.tasks, node.block.rescue, node.block.always]) collect(part, into);
      continue;
    }
    for (const tag of node.task.tags) into.add(tag);
    for (const included of node.task.includes?.values() ?? []) collect(included, into);
  }
}

/** The list that a tag option means: it may be given several times and hold commas. */
function tagWords(options: readonly string[]): readonly string[] {
  return options
    .flatMap((option) => option.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Problems of tags on the command line that no task of the playbook carries. */
export function tagProblems(
  plays: readonly Play[],
  option: string,
  words: readonly string[],
): readonly Problem[] {
  const known = new Set<string>();
  for (const play of plays) collect(play.tasks, known);
  const named = [...known].filter((tag) => !specialTags.includes(tag)).sort();
  return tagWords(words)
    .filter((word) => !known.has(word) && !specialTags.includes(word))
    .map((word) => ({
      code: 'unknown-tag',
      message: `${option} ${word}: no task has the tag '${word}'`,
      why: named.length === 0 ? 'the playbook has no tags' : `the playbook knows: ${named.join(', ')}`,
      ...(named.length > 12 || didYouMean(word, named)?.startsWith('did')
        ? { hint: didYouMean(word, named) ?? '' }
        : {}),
    }));
}
