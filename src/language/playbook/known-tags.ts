import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Play } from '../model.ts';
import { specialTags } from '../tag-selection.ts';
import { allTasks } from '../task-walk.ts';

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
  const known = new Set(plays.flatMap((play) => [...allTasks(play.tasks)].flatMap(({ tags }) => tags)));
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
