/** What `provision init` knows when it has asked. */
export interface InitAnswers {
  /** Names that ssh knows. */
  readonly server: string;
  readonly clients: readonly string[];
  /** The name in a public certificate that certbot keeps on the server; without it a private CA issues all of them. */
  readonly publicName?: string;
  /** Where clients reach the server, where that is not its name. */
  readonly target?: string;
  readonly port: number;
  /** Absolute path on the server. */
  readonly directory: string;
}

/** The word for a CA of one's own, where a certificate's name could stand. */
export const privateWord = 'private';

const hostName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const dnsName = /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*$/;

/** Hosts out of a text with commas or spaces between them. */
export function splitHosts(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}

/** What is wrong with the answer to the question for the log server; undefined when it will do. */
export function serverComplaint(text: string): string | undefined {
  const hosts = splitHosts(text);
  if (hosts.length !== 1) return 'one host takes the log lines: name it as `ssh NAME` knows it';
  return hostComplaint(hosts);
}

/** What is wrong with the answer to the question for the clients; undefined when it will do. */
export function clientsComplaint(text: string, server: string): string | undefined {
  const hosts = splitHosts(text);
  if (hosts.length === 0) return 'name at least one host that sends its log lines';
  if (hosts.includes(server)) return `${server} is the log server; its own lines are kept there already`;
  return hostComplaint(hosts);
}

function hostComplaint(hosts: readonly string[]): string | undefined {
  const bad = hosts.find((host) => !hostName.test(host));
  return bad === undefined
    ? undefined
    : `'${bad}' cannot be a host's name: letters, digits, '.', '-' and '_'; user, port and address belong into ~/.ssh/config`;
}

/** What is wrong with the answer to the question for certificates; undefined when it will do. */
export function certificateComplaint(text: string): string | undefined {
  if (text === privateWord || dnsName.test(text)) return undefined;
  return `write ${privateWord}, or the DNS name in the server's certificate, as in log.example.com`;
}

/** What is wrong with the answer to the question for the port; undefined when it will do. */
export function portComplaint(text: string): string | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port >= 1 && port <= 65_535 ? undefined : 'a port is a number from 1 to 65535';
}

/** What is wrong with the answer to the question for the directory; undefined when it will do. */
export function directoryComplaint(text: string): string | undefined {
  return /^\/[^"\\%\p{Cc}]*[^"\\%/\p{Cc}]$/u.test(text)
    ? undefined
    : 'write an absolute path, as in /var/log/remote, without quotes, backslashes and %';
}
