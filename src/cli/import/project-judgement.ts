import { resolve } from 'node:path';
import type { Problem } from '../../errors/problem.ts';
import type { TaskFile } from './project-files.ts';

/** How a file does. */
interface JudgedFile {
  readonly path: string;
  readonly kind: 'playbook' | 'tasks';
  readonly tasks: number;
  readonly accepted: number;
  /** Problems in it that belong to no task. */
  readonly others: number;
}

/** One thing that is not understood, and all places where it is. */
interface Obstacle {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** FILE:LINE, absolute. */
  readonly places: readonly string[];
}

/** What could be said of a project. */
export interface Judgement {
  readonly files: readonly JudgedFile[];
  readonly obstacles: readonly Obstacle[];
  readonly tasks: number;
  readonly accepted: number;
}

interface Placed {
  readonly file: string;
  readonly line: number;
}

function placed({ at }: Problem): Placed | undefined {
  return at && { file: resolve(at.file), line: at.line };
}

// What a problem belongs to is what begins last before it.
function owner(line: number, { tasks, others }: TaskFile): number | undefined {
  const starts = [...tasks, ...others].filter((start) => start <= line);
  const last = Math.max(...starts);
  return tasks.includes(last) ? last : undefined;
}

/** Counts which tasks are understood, and gathers what is not. */
export function judge(files: readonly TaskFile[], problems: readonly Problem[]): Judgement {
  const obstacles = new Map<string, { problem: Problem; places: Set<string> }>();
  const byFile = new Map<string, number[]>();
  for (const problem of problems) {
    const place = placed(problem);
    const key = `${problem.code}\0${problem.message}\0${problem.hint ?? ''}`;
    const known = obstacles.get(key) ?? { problem, places: new Set() };
    obstacles.set(key, known);
    known.places.add(place ? `${place.file}:${place.line}` : '');
    if (place) byFile.set(place.file, [...(byFile.get(place.file) ?? []), place.line]);
  }
  const judged = files.map((file): JudgedFile => {
    const owners = (byFile.get(file.path) ?? []).map((line) => owner(line, file));
    const bad = new Set(owners.filter((one) => one !== undefined));
    const { path, kind, tasks } = file;
    const others = owners.filter((one) => one === undefined).length;
    return { path, kind, tasks: tasks.length, accepted: tasks.length - bad.size, others };
  });
  const sum = (of: (file: JudgedFile) => number) => judged.reduce((total, file) => total + of(file), 0);
  return {
    files: judged,
    obstacles: [...obstacles.values()]
      .map(({ problem, places }) => ({
        code: problem.code,
        message: problem.message,
        hint: problem.hint,
        places: [...places]
          .filter(Boolean)
          .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true })),
      }))
      .toSorted(
        (one, other) => other.places.length - one.places.length || (one.message < other.message ? -1 : 1),
      ),
    tasks: sum(({ tasks }) => tasks),
    accepted: sum(({ accepted }) => accepted),
  };
}
