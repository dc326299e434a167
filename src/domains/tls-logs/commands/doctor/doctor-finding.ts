/** One thing that was looked at. */
export interface Finding {
  /** Undefined: this machine. */
  readonly host?: string;
  /** `note`: nothing has to be done now, but somebody should know. */
  readonly state: 'ok' | 'note' | 'wrong' | 'unreachable';
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** 2 wins over 4: something is known to be wrong. Notes are no failure. */
export function doctorExitCode(findings: readonly Finding[]): 0 | 2 | 4 {
  if (findings.some(({ state }) => state === 'wrong')) return 2;
  return findings.some(({ state }) => state === 'unreachable') ? 4 : 0;
}
