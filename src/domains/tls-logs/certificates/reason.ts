/** Why a certificate, key or CA file cannot be used, and what to do. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}
