import type { LetIn } from './still-let-in.ts';
import type { TrustMode, TrustRecord } from './trust-record.ts';

/** A host's trust as the run finds it, and as it is to be. */
interface State {
  /** Whether it is the log server; else it is one of the clients. */
  readonly server: boolean;
  readonly before: TrustRecord | undefined;
  readonly wanted: TrustMode;
  /** Who is wanted; undefined where it is not known yet. */
  readonly peers: readonly string[] | undefined;
  /** CA certificates beside the wanted one. */
  readonly roots: number;
  /** Clients that the log server refuses. */
  readonly waiting: readonly string[];
  readonly letIn: readonly LetIn[];
}

// More than these tell nobody anything.
const most = 5;

/** What is left to do of a rotation on a host, in sentences; [] when its trust is as it is meant to be. */
export function unfinished({
  server,
  before,
  wanted,
  peers,
  roots,
  waiting,
  letIn,
}: State): readonly string[] {
  const mode = before?.mode ?? wanted;
  const others = mode === wanted && peers ? (before?.peers ?? []).filter((one) => !peers.includes(one)) : [];
  const are = (count: number, one: string, several: string) => (count === 1 ? one : several);
  return [
    ...revokedSentences(letIn),
    ...(mode === wanted
      ? []
      : [
          `${server ? 'clients are' : 'the log server is'} still judged by '${mode}', not yet by '${wanted}'`,
        ]),
    ...(others.length === 0 ? [] : [`${listed(others)} ${are(others.length, 'is', 'are')} permitted still`]),
    ...(roots === 0
      ? []
      : [
          `${roots} CA ${are(roots, 'certificate is', 'certificates are')} trusted still beside the wanted one`,
        ]),
    ...(waiting.length === 0
      ? []
      : [
          `${listed(waiting)} ${are(waiting.length, 'is', 'are')} refused until a run reaches ${are(waiting.length, 'it', 'them')}: the CA of before had to go`,
        ]),
  ];
}

/** What to say of revoked certificates that get in all the same. */
export function revokedSentences(letIn: readonly LetIn[]): readonly string[] {
  return letIn.map(
    ({ names, serial, why }) =>
      `the revoked certificate of ${names.join(', ')} (${serial}) is let in, for ${why}`,
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
