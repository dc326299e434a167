import { isMapping, type Mapping } from '../../../jinja/values/value.ts';

/** How a host judges the other side's certificate. */
export type TrustMode = 'name' | 'fingerprint' | 'certvalid' | 'anon';

const modes: readonly unknown[] = ['name', 'fingerprint', 'certvalid', 'anon'] satisfies TrustMode[];

/** Whom a host permits, as the last run wrote it down there. A client writes down how it sends as well. */
export interface TrustRecord {
  readonly mode: TrustMode;
  readonly peers: readonly string[];
  /** Of a log server: clients that it refuses until a run reaches them, for their CA had to go without waiting for them. */
  readonly waiting?: readonly string[];
  readonly target?: string;
}

/** A value as a mapping whose parts are not known; an empty one for anything else. */
export function mapping(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

// What stands in rsyslog's configuration between quotes.
function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[^"\\]+$/.test(value);
}

function saysHowItSends(record: Mapping): boolean {
  return (
    isWord(record.target) &&
    /^[0-9]+$/.test(String(record.port ?? '')) &&
    (record.driver === 'ossl' || record.driver === 'gtls') &&
    (record.transport === 'tcp' || record.transport === 'relp') &&
    typeof record.shows_certificate === 'boolean'
  );
}

/** What is wrong with a record that was read from a host; '' when it can be believed, or there is none. */
export function recordDamage(record: unknown): string {
  if (record === undefined) return '';
  if (typeof record === 'string') return record;
  if (!isMapping(record)) return 'it is not a mapping';
  if (Object.keys(record).length === 0) return '';
  if (!modes.includes(record.mode)) return 'it has no known mode';
  if (!Array.isArray(record.peers)) return 'it has no list of peers';
  if (!record.peers.every(isWord)) return 'it has peers that nobody can have';
  if (record.waiting !== undefined && !(Array.isArray(record.waiting) && record.waiting.every(isWord)))
    return 'it does not say which clients are refused';
  if (record.target !== undefined && !saysHowItSends(record)) return 'it does not say how this client sends';
  return '';
}

/**
 * What the host permitted when the run began; undefined when there is no record, or none to be believed. What a host knows from the
 * time when it was the other side does not concern it any more.
 */
export function recordBefore(record: unknown, server: boolean): TrustRecord | undefined {
  const found = mapping(record);
  if (Object.keys(found).length === 0 || recordDamage(record) !== '') return undefined;
  return (found.target !== undefined) === server ? undefined : (found as unknown as TrustRecord);
}
