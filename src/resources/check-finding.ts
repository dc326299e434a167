/** A check as a role writes it down: one of refuse, warn and file, with conditions and templates as they are. */
export interface RoleCheck {
  readonly refuse?: string;
  readonly warn?: string;
  readonly file?: string;
  readonly when?: string;
  readonly message?: string;
  readonly fix?: string;
}

/** A check that found something; conditions and templates are evaluated. */
export interface CheckFinding {
  readonly kind: 'refuse' | 'warn';
  readonly message: string;
  readonly fix: string | undefined;
}

/** A finding as one text: what, and what to do about it. */
export function findingText({ message, fix }: CheckFinding): string {
  return fix === undefined ? message : `${message}: ${fix}`;
}
