/** The control node signs a request made on the host with the private CA and puts the certificate back. */
export interface IssueStep {
  readonly kind: 'tls-logs:issue';
  /** Prints the PEM certificate request on the host; its key stays there. */
  readonly requestScript: string;
  /** Directory of the CA on the control node. */
  readonly ca: string;
  readonly names: readonly string[];
  readonly days: number;
  /** The certificate may be shown by a TLS server too, not only by a client. */
  readonly server: boolean;
  /** DNS suffixes that the CA may certify, when it is made now; undefined: every name. */
  readonly permitted?: readonly string[] | undefined;
  /** Turns the signed chain (PEM) into the script that installs it. */
  install(chain: string): string;
}

/** The control node gives the private CA's own certificate, creating the CA when it does not exist yet. */
export interface AuthorityStep {
  readonly kind: 'tls-logs:authority';
  /** Directory of the CA on the control node. */
  readonly ca: string;
  /** DNS suffixes that the CA may certify, when it is made now; undefined: every name. */
  readonly permitted?: readonly string[] | undefined;
  /** Turns the CA's certificate (PEM) into the script that installs it. */
  install(certificate: string): string;
}
