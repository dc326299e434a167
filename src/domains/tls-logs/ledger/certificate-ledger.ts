import { type CertificateDetails, daysLeft, thirdOfLife } from '../certificates/certificate-details.ts';
import { type Due, duesOf } from './certificate-dues.ts';
import { type SeenCertificate, type Stages, stageNames, stagesOf } from './certificate-stages.ts';

/** A change that would be made in a place, or why nobody knows yet whether one would. */
export interface PlannedChange {
  readonly host?: string;
  readonly place: string;
  readonly message: string;
}

// A third of a CA's ten years is years: this many days are time enough to replace it.
const authorityNotice = 180;

/** What the judgement depends on. */
export interface LedgerView {
  readonly now: Date;
  /** Fewer days left than this are due; undefined: a third of each certificate's own life. */
  readonly warnDays?: number;
}

/** One certificate with its stages, and what is to be done about it. */
export interface LedgerRow {
  /** Undefined: the control node. */
  readonly host?: string;
  readonly place: string;
  /** What is in use: the deployed one, else what comes nearest; undefined when nobody knows it. */
  readonly certificate?: CertificateDetails;
  readonly stages: Stages;
  /** Whether all stages that were seen hold the same one. */
  readonly equal: boolean;
  /** Whole days until the certificate in use ends; negative: since it has. */
  readonly daysLeft?: number;
  /** Whole days until it becomes due by itself. */
  readonly dueIn?: number;
  /** Why something is to be done now; [] means that all is in order. */
  readonly due: readonly Due[];
}

/** Judges everything that was seen: one row for each certificate, in the order in which they were first seen. */
export function certificateLedger(
  seen: readonly SeenCertificate[],
  planned: readonly PlannedChange[],
  view: LedgerView,
): readonly LedgerRow[] {
  const groups = Map.groupBy(seen, keyOf);
  const changes = Map.groupBy(planned, keyOf);
  return [...groups].map(([key, group]) => rowOf(group, changes.get(key) ?? [], view));
}

function keyOf({ host, place }: { readonly host?: string; readonly place: string }): string {
  return JSON.stringify([host ?? null, place]);
}

function rowOf(
  seen: readonly SeenCertificate[],
  planned: readonly PlannedChange[],
  { now, warnDays }: LedgerView,
): LedgerRow {
  const [first] = seen;
  const stages = stagesOf(seen);
  const certificate = inUse(stages);
  const asked = warnDays ?? seen.find(({ dueDays }) => dueDays !== undefined)?.dueDays;
  const longest = first?.host === undefined ? authorityNotice : Number.POSITIVE_INFINITY;
  const threshold = (one: CertificateDetails): number => asked ?? Math.min(thirdOfLife(one), longest);
  const judged = duesOf(stages, threshold, now);
  // A change that a stage already explains is not shown twice.
  const due = judged.length > 0 ? judged : planned.map(({ message }): Due => ({ code: 'change', message }));
  const left = certificate && daysLeft(certificate, now);
  return {
    ...(first?.host !== undefined && { host: first.host }),
    place: first?.place ?? '',
    ...(certificate && { certificate }),
    stages,
    equal: allEqual(stages),
    ...(certificate &&
      left !== undefined && {
        daysLeft: Math.floor(left),
        dueIn: Math.max(0, Math.floor(left - threshold(certificate))),
      }),
    due,
  };
}

function inUse({ deployed, issued, served }: Stages): CertificateDetails | undefined {
  return [deployed, issued, served].find((stage) => stage?.certificates[0])?.certificates[0];
}

function allEqual(stages: Stages): boolean {
  const held = stageNames.flatMap((name) => stages[name]?.fingerprints.toSorted().join() ?? []);
  return new Set(held).size <= 1;
}
