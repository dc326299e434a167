import type { ShownWire } from '../../resources/log-lines/wire-seen.ts';

/** Version of the document; raised when a field changes its meaning or goes away. */
export const verificationFormat = 1;

/** What came of the line of one client to one log server. */
export interface ProvenClient {
  readonly host: string;
  /** Inventory name of the log server; there is none where nothing could be sent. */
  readonly server?: string;
  readonly arrived: boolean;
  /** How it arrived; or what is wrong, with what both journals say. */
  readonly message: string;
  /** What proved it: `log_line` for the host's own lines, `container_line` for those of its containers. */
  readonly resource?: string;
  readonly milliseconds?: number;
  readonly tls?: string;
  readonly cipher?: string;
  /** SHA-256 of the certificate that the log server serves, `AA:BB:..`. */
  readonly fingerprint?: string;
  /** With --wire: what a capture on the log server saw meanwhile. */
  readonly wire?: ShownWire;
}

/** Whether all is well with a line: it arrived, and if that was asked, unread. */
export function isProven({ arrived, wire }: Pick<ProvenClient, 'arrived' | 'wire'>): boolean {
  return arrived && wire?.safe !== false;
}

/** What `provision verify` found; with `--json` it is printed as it is. */
export interface VerificationDocument {
  readonly type: 'verification';
  readonly format: typeof verificationFormat;
  readonly version: string;
  readonly playbook: string;
  /** ISO 8601, UTC. */
  readonly checked: string;
  readonly clients: readonly ProvenClient[];
  /** Hosts that could not be spoken to. */
  readonly unreachable: readonly { readonly host: string; readonly message: string }[];
  readonly exitCode: 0 | 1 | 2 | 4;
}

/** 2 wins over 4: of a line that did not arrive something is known to be wrong; without any line nothing is proven. */
export function verificationExitCode({
  clients,
  unreachable,
}: Pick<VerificationDocument, 'clients' | 'unreachable'>): VerificationDocument['exitCode'] {
  if (clients.some((client) => !isProven(client))) return 2;
  if (unreachable.length > 0) return 4;
  return clients.length === 0 ? 1 : 0;
}
