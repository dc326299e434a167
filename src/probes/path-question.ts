import { posix } from 'node:path';

/** Ways to sum up a regular file; each has a tool of the coreutils, NAMEsum. */
export const sumNames = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type SumName = (typeof sumNames)[number];

/** When the content of a regular file is wanted. */
export interface TextWish {
  /** Larger files, in bytes, are not fetched. */
  readonly most: number;
  /** A file with this sha256 is not fetched: its content is known. */
  readonly unlessSum?: string | undefined;
  /** False: a file that holds a private key is not fetched. */
  readonly secrets?: boolean | undefined;
}

/** What can be asked about a path beside its stat. */
export interface PathOptions {
  /** When the path ends in / or is a directory, it is about the entry of this name inside. */
  readonly inside?: string | undefined;
  /** A link at the end is resolved first: the answer is about what it leads to. */
  readonly follow?: boolean | undefined;
  /** Where a link leads in the end, too. */
  readonly leads?: boolean | undefined;
  /** The sum of a regular file, also through a link. */
  readonly sum?: SumName | undefined;
  readonly text?: TextWish | undefined;
  /** What the connection's user may do; a file that it may not read is then no error. */
  readonly access?: boolean | undefined;
  /** The kinds of entries at and below a directory. */
  readonly tree?: boolean | undefined;
}

/** One question about a path. */
export interface PathQuestion extends PathOptions {
  readonly path: string;
}

/** A path that one or more questions are about, with all that they want to know of it. */
export interface Place {
  readonly path: string;
  /** What is meant in place of `path` when that is a directory. */
  readonly inside: string | undefined;
  readonly sums: Set<SumName>;
  readonly texts: TextWish[];
  access: boolean;
  leads: boolean;
  tree: boolean;
}

/** The distinct places of questions, in order, and which place and text each question means. */
export interface Places {
  readonly places: readonly Place[];
  /** For each question the place, and the index of its text among those of the place. */
  readonly means: readonly { readonly place: number; readonly text: number }[];
}

/** The paths that a path may mean on a host: itself, and the entry of that name inside it if it is a directory. */
export function meantPaths(path: string, inside: string | undefined): readonly string[] {
  const below = inside === undefined ? [] : [posix.join(path, inside)];
  return path.endsWith('/') && inside !== undefined ? below : [posix.normalize(path), ...below];
}

function whereabouts({ path, inside }: PathQuestion): Pick<Place, 'path' | 'inside'> {
  if (inside === undefined) return { path, inside };
  const below = posix.join(path, inside);
  return path.endsWith('/') ? { path: below, inside: undefined } : { path, inside: below };
}

function sameText(one: TextWish, other: TextWish): boolean {
  return one.most === other.most && one.unlessSum === other.unlessSum && !one.secrets === !other.secrets;
}

/** Joins questions about the same path, so that it is looked at once. */
export function placesOf(questions: readonly PathQuestion[]): Places {
  const places: Place[] = [];
  const known = new Map<string, number>();
  const means = questions.map((question) => {
    const where = whereabouts(question);
    const key = `${where.path}\0${where.inside ?? ''}`;
    let index = known.get(key);
    if (index === undefined) {
      index = places.length;
      known.set(key, index);
      places.push({ ...where, sums: new Set(), texts: [], access: false, leads: false, tree: false });
    }
    return { place: index, text: added(places[index] as Place, question) };
  });
  return { places, means };
}

// Gives the index of the question's text.
function added(place: Place, { sum, text, access, follow, leads, tree }: PathQuestion): number {
  if (sum) place.sums.add(sum);
  if (access) place.access = true;
  if (follow || leads) place.leads = true;
  if (tree) place.tree = true;
  if (!text) return -1;
  if (text.unlessSum !== undefined) place.sums.add('sha256');
  const index = place.texts.findIndex((one) => sameText(one, text));
  return index >= 0 ? index : place.texts.push(text) - 1;
}
