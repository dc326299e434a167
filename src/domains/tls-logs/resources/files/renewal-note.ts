import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const schema = Type.Object({
  state: Type.Enum(['begun', 'done', 'failed']),
  /** When that state was reached, ISO 8601. */
  time: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' }),
  lineage: Type.String(),
  /** SHA-256 of the certificate, `AA:BB:..`. */
  fingerprint: Type.String(),
  domains: Type.Array(Type.String()),
  /** Why it failed; empty otherwise. */
  reason: Type.String(),
});

/** What a deploy hook writes down about its work, once when it begins and once when it ends. */
export type RenewalNote = Static<typeof schema>;

/** Reads what the hook wrote down, JSON. */
export function readNote(text: string): RenewalNote | 'damaged' {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(schema, value) ? value : 'damaged';
  } catch {
    return 'damaged';
  }
}
