import { answerOf, type PathAnswer } from './path-answer.ts';
import { pathProgram } from './path-program.ts';
import { meantPaths, type PathOptions, type PathQuestion, placesOf } from './path-question.ts';
import { readPlaces } from './path-reading.ts';
import type { Ask, ProbeKind } from './probe.ts';
import { ProbeError } from './probe-error.ts';

const pathKind: ProbeKind<PathQuestion, PathAnswer> = {
  name: 'path',
  most: 500,
  program: (questions) => pathProgram(placesOf(questions).places),
  // Of a link that was followed the answer is about where it leads.
  link({ path, inside, follow }, { stat, target, points }) {
    if (points !== undefined && stat.kind === 'link') return { path: target, points };
    return follow && inside === undefined && target !== path ? { path, points: target } : undefined;
  },
  read(output, questions) {
    const { places, means } = placesOf(questions);
    const seen = readPlaces(output, places);
    return questions.map((question, index) => {
      const meant = means[index];
      const place = meant && seen?.[meant.place];
      if (!place) {
        const message = output.stderr.replaceAll('\0', ' ').trim() || 'no message';
        return new ProbeError(`checking ${question.path} failed with exit code ${output.code}: ${message}`);
      }
      return answerOf(question, place, meant.text);
    });
  },
};

/** Asks what is at an absolute path of a host. */
export function path(of: string, options: PathOptions = {}): Ask<PathAnswer> {
  const { inside, follow, leads, sum, text, access, tree } = options;
  const question: PathQuestion = { path: of, inside, follow, leads, sum, text, access, tree };
  const paths = meantPaths(of, inside);
  return { kind: pathKind, question, paths: tree ? [...paths, `${of}/`.replace('//', '/')] : paths };
}
