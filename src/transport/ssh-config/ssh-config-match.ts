import type { ConfigLine } from './ssh-config-line.ts';
import { matchesPattern, matchesPatterns } from './ssh-pattern.ts';

/** What Host and Match are compared with. */
export interface MatchSubject {
  readonly originalHost: string;
  readonly host: string;
  readonly user: string;
  readonly localUser: string;
  readonly finalPass: boolean;
}

/** Whether a block applies. */
export interface MatchVerdict {
  readonly active: boolean;
  /** `final` was asked for: the files are read a second time. */
  readonly wantsFinal: boolean;
  /** The criterion that alone decided against the block because it is never evaluated here. */
  readonly undecided?: string;
}

/** True if a `Host` line names the host. */
export function matchesHost(line: ConfigLine, originalHost: string): boolean {
  let active = false;
  for (const word of line.words) {
    const negated = word.startsWith('!');
    if (!matchesPattern(originalHost, negated ? word.slice(1) : word)) continue;
    if (negated) return false;
    active = true;
  }
  return active;
}

// OpenSSH folds the pattern, not the name, to lower case.
const hostList = (text: string, list: string): boolean =>
  matchesPatterns(text, list.toLowerCase().split(','));
const list = (text: string, patterns: string): boolean => matchesPatterns(text, patterns.split(','));

const criteria: Readonly<Record<string, (subject: MatchSubject, argument: string) => boolean>> = {
  host: (subject, argument) => hostList(subject.host, argument),
  originalhost: (subject, argument) => hostList(subject.originalHost, argument),
  user: (subject, argument) => list(subject.user, argument),
  localuser: (subject, argument) => list(subject.localUser, argument),
};

// Running a command or looking at interfaces to read a file is a surprise: such a block does not apply.
const unevaluated = new Set(['exec', 'localnetwork', 'tagged', 'version', 'sessiontype', 'command']);

/** Evaluates a `Match` line; `exec` is never run. Throws on criteria that do not exist. */
export function evaluateMatch(line: ConfigLine, subject: MatchSubject): MatchVerdict {
  const words = [...line.words];
  let active = true;
  let wantsFinal = false;
  let undecided: string | undefined;
  while (words.length > 0) {
    const [attribute = '', inline] = (words.shift() ?? '').split(/=(.*)/s);
    const negated = attribute.startsWith('!');
    const name = attribute.slice(negated ? 1 : 0).toLowerCase();
    if (name === 'all') continue;
    if (name === 'final' || name === 'canonical') {
      if (name === 'final') wantsFinal = true;
      if (subject.finalPass === negated) active = false;
      continue;
    }
    const argument = inline ?? words.shift();
    if (argument === undefined) throw new Error(`Match ${name} has no argument`);
    const test = criteria[name];
    if (test) {
      if (test(subject, argument) === negated) active = false;
    } else if (unevaluated.has(name)) undecided ??= name;
    else throw new Error(`Match ${name} is not known`);
  }
  if (undecided === undefined || !active) return { active, wantsFinal };
  return { active: false, wantsFinal, undecided };
}
