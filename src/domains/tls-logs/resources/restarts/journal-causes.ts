import { quote } from '../../../../shell/quote.ts';

/** What a line of rsyslogd, OpenSSL or GnuTLS means, and what to do about it. */
export interface JournalCause {
  /** The line has one of these. */
  readonly words: readonly string[];
  readonly cause: string;
  readonly fix: string;
}

/** The first that fits a line counts: what names a reason comes before what only says that there is one. */
export const journalCauses: readonly JournalCause[] = [
  {
    words: ['disallowed sender'],
    cause: "the sender's address is on no list of allowed senders of the log server",
    fix: 'add it to rsyslog_server_senders, or to the $AllowedSender line that the check names',
  },
  {
    words: ['peer did not provide a certificate', 'peer did not return a certificate'],
    cause: 'a client showed no certificate, or something only looked at the port',
    fix: 'set the client up with provision; log_topology: server asks for none',
  },
  {
    words: ['peer name not authorized', 'peer name not valid'],
    cause: 'the certificate is trusted, but none of its names is permitted',
    fix: "on the log server: rsyslog_server_permitted_peers; on a client: log_server_name must be a name in the server's certificate",
  },
  {
    words: ['peer fingerprint'],
    cause:
      "the certificate's fingerprint is not the one that is permitted: it was renewed on one side only, or it is another host",
    fix: 'apply the playbook for both sides at once',
  },
  {
    words: [
      'unsuitable certificate purpose',
      'unsupported certificate purpose',
      'err 26:',
      'alert unsupported certificate',
    ],
    cause: "the certificate is for servers only (serverAuth), as Let's Encrypt's are, and a client shows it",
    fix: 'log_topology: mutual, where clients have certificates of the private CA; or log_driver: gtls, which does not look at it',
  },
  {
    words: ['certificate has expired', 'certificate expired', 'err 10:'],
    cause: 'a certificate has ended, or a clock is wrong',
    fix: '`provision certs` shows which; apply the playbook renews it; compare `date` on both hosts',
  },
  {
    words: ['certificate is not yet valid', 'not yet activated', 'err 9:'],
    cause: 'a certificate begins later than this host believes it is',
    fix: "set the host's clock",
  },
  {
    words: ['in certificate chain', 'err 19:'],
    cause: 'the certificate is from a CA that is not in the CA file of this side',
    fix: 'log_root_file (of the server) or log_client_root_file (of clients) must be the root that issued it',
  },
  {
    words: ['self-signed certificate', 'self signed certificate', 'err 18:'],
    cause: 'the other side shows a certificate that it signed itself',
    fix: 'give it one from the CA that this side trusts, as from the private CA (provision ca issue)',
  },
  {
    words: [
      'unable to get local issuer certificate',
      'unable to verify the first certificate',
      'err 20:',
      'err 21:',
    ],
    cause:
      'the issuer of the certificate is not known here: the other side shows its certificate without the intermediates, or another root is trusted',
    fix: 'log_certificate_file must be fullchain.pem, and log_root_file the root of its CA',
  },
  {
    words: ['unable to get issuer certificate', 'err 2:'],
    cause: 'the CA file has an intermediate certificate, and not the root',
    fix: 'log_root_file must be the root, which is self-signed',
  },
  {
    words: ['signer not found', 'issuer is unknown', 'certificate invalid: signer'],
    cause:
      'the issuer of the certificate is not in the CA file of this side, or the other side shows no intermediates',
    fix: 'log_certificate_file must be fullchain.pem, and log_root_file (or log_client_root_file) the root of its CA',
  },
  {
    words: ['alert unknown ca', 'alert bad certificate', 'alert certificate'],
    cause: 'the other side refused the certificate that this one shows',
    fix: "read the other side's journal, which says why: journalctl -u rsyslog",
  },
  {
    words: ['error -12 ', 'error -12:', 'TLS fatal alert has been received'],
    cause: 'GnuTLS -12: the other side refused the certificate that this one shows, or the version of TLS',
    fix: "read the other side's journal, which says why: journalctl -u rsyslog",
  },
  {
    words: [
      'wrong version number',
      'unexpected TLS packet',
      'http request',
      'record overflow',
      'packet length too long',
    ],
    cause: 'the other side does not speak TLS on this connection',
    fix: 'both sides must have the same log_port; plain TCP needs a port of its own, and so does UDP',
  },
  {
    words: [
      'unsupported protocol',
      'no shared cipher',
      'No supported cipher suites',
      'unsupported version',
      'version packet was received',
      'alert protocol version',
      'Could not negotiate',
    ],
    cause: 'the two sides have no version of TLS, or no cipher, in common',
    fix: 'lower log_minimum_tls, or upgrade the older host',
  },
  {
    words: ['key too small', 'md too weak', 'ca key too'],
    cause: "the key is too short, or the signature too old, for OpenSSL's security level",
    fix: 'get a new certificate: RSA 2048, P-256 or better',
  },
  {
    words: [
      'certificate file',
      'could not be accessed',
      'error reading file',
      'Error while reading file',
      'error -64',
    ],
    cause:
      'rsyslogd cannot read a certificate, key or CA file: it is not there, or its rights or AppArmor forbid it',
    fix: 'apply the playbook, which puts them where the daemon may read them',
  },
  {
    words: ['ddress already in use'],
    cause: 'another program, or another file of rsyslog, has the port',
    fix: 'set log_port to another one, or stop that program (ss -ltnp)',
  },
  {
    words: ['lmnsd_', 'could not load module'],
    cause: 'a module of rsyslog is not installed',
    fix: 'apply the playbook, which installs rsyslog-openssl, rsyslog-gnutls or rsyslog-relp',
  },
  {
    words: ['not known -- typo in config file', 'already in this config'],
    cause: 'another file loads that module first, or once more',
    fix: 'set rsyslog_server_load_imtcp (imudp, imrelp) or rsyslog_client_load_omrelp to false, or take that line out',
  },
  {
    words: ['Connection refused', 'onnection refused'],
    cause: 'nothing listens on that port of the log server, or a firewall rejects it',
    fix: 'look there: systemctl status rsyslog; ss -ltn; rsyslog_server_firewall',
  },
  {
    words: ['o route to host', 'etwork is unreachable', 'onnection timed out'],
    cause: 'the log server cannot be reached from here',
    fix: 'check log_target, the network and firewalls on the way',
  },
  {
    words: ['name resolution', 'ame or service not known', 'could not resolve', 'error -2007'],
    cause: 'the name of the log server has no address here',
    fix: 'fix DNS or /etc/hosts, or write the address into log_target',
  },
  {
    words: ['non-properly terminated', 'unexpected eof', 'Connection reset by peer'],
    cause:
      'the other side closed the connection while TLS was agreed: it refused this one, or only looked at the port',
    fix: "read the other side's journal, which says why: journalctl -u rsyslog",
  },
];

/** The cause that a line of a journal shows; undefined where the line says nothing that is known. */
export function causeOf(line: string): JournalCause | undefined {
  return journalCauses.find(({ words }) => words.some((word) => line.includes(word)));
}

/** sh code with a function `explain LINE`: prints the line, and what it means, once for each cause. */
export const explainScript = `explained=
explain() {
  printf '%s\\n' "$1"
  case $1 in
${journalCauses.map(clause).join('\n')}
  esac
}
means() {
  case $explained in *" $1 "*) return ;; esac
  explained="$explained $1 "
  printf '  that is: %s\\n  fix: %s\\n' "$2" "$3"
}`;

function clause({ words, cause, fix }: JournalCause, index: number): string {
  const patterns = words.map((word) => `*${quote(word)}*`).join(' | ');
  return `  ${patterns}) means ${index} ${quote(cause)} ${quote(fix)} ;;`;
}
