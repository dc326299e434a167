import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { PathAnswer } from '../../../../probes/path-answer.ts';

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
  /** What was done, in words. */
  did: Type.Optional(Type.String()),
});

/** What a deploy hook writes down about its work, once when it begins and once when it ends. */
export type RenewalNote = Static<typeof schema>;

function readNote(text: string): RenewalNote | 'damaged' {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(schema, value) ? value : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** What lies in a hook's record; one that is too large, or has a key in it, is none of ours. */
export function noteIn({ behind, may, content }: PathAnswer): RenewalNote | 'none' | 'damaged' {
  if (behind.kind !== 'file' || !may?.includes('r')) return 'none';
  return content ? readNote(content.toString('utf8')) : 'damaged';
}
