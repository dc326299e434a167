/** What a TLS client written in Go, such as Logspout, says when no line gets through, why, and what helps. */
export interface TlsCause {
  readonly code: string;
  /** Texts of its log that mean this. */
  readonly texts: readonly string[];
  /** So many lines must say so; fewer mean nothing. One without it. */
  readonly times?: number;
  readonly cause: string;
  readonly fix: string;
}

/** More exact ones first: a line is explained by the first that fits. docs/container-logs.md shows this table. */
export const tlsCauses: readonly TlsCause[] = [
  {
    code: 'no-roots',
    texts: [
      'TLS CA trust store is empty',
      'failed to load system roots and no roots provided',
      'system root pool is not available',
    ],
    cause: 'the image has no root certificates, and no CA file was given',
    fix: 'mount the root and name it in LOGSPOUT_TLS_CA_CERTS',
  },
  {
    code: 'wrong-ca-file',
    texts: ['failed to load CA certificate(s)', 'error with TLSConfig: open'],
    cause:
      'LOGSPOUT_TLS_CA_CERTS names a file that the container does not have, or that holds no certificate',
    fix: 'name the path inside the container, and mount the file there',
  },
  {
    code: 'unknown-authority',
    texts: ['certificate signed by unknown authority'],
    cause: 'no path leads from what the server presents to a root that the container trusts',
    fix: 'let the server present fullchain.pem, not cert.pem; if it does, give the container the root in LOGSPOUT_TLS_CA_CERTS',
  },
  {
    code: 'address-for-name',
    texts: ["doesn't contain any IP SANs"],
    cause: 'the route names an address, and the certificate has none',
    fix: 'write the name of the certificate into the route',
  },
  {
    code: 'wrong-name',
    texts: ['x509: certificate is valid for', 'certificate is not valid for any names'],
    cause: 'the route names a host that the certificate is not for',
    fix: 'write a name of the certificate into the route, or issue it with that name',
  },
  {
    code: 'no-name',
    texts: ['relies on legacy Common Name field'],
    cause: 'the certificate has a common name only, which Go no longer reads',
    fix: 'issue it with a subject alternative name',
  },
  {
    code: 'clock',
    texts: ['certificate has expired or is not yet valid'],
    cause: 'the certificate is not valid at the time that the host has',
    fix: 'renew it (certbot renew) and restart Logstash; if it is valid, set the clock (timedatectl set-ntp true)',
  },
  {
    code: 'wrong-purpose',
    texts: ['certificate specifies an incompatible key usage'],
    cause: 'the certificate is not one for servers',
    fix: 'take one issued for servers, for example from certbot',
  },
  {
    code: 'plain-server',
    texts: ['first record does not look like a TLS handshake'],
    cause: 'the server speaks no TLS at that port',
    fix: 'set ssl_enabled in the input of Logstash, or write the port of its TLS input into the route',
  },
  {
    code: 'client-certificate',
    texts: ['remote error: tls: bad certificate', 'remote error: tls: certificate required'],
    cause: 'the server asks for a certificate of the client, and got none that it takes',
    fix: 'set logstash_client_authentication to none, or give the clients certificates (logspout_client_certificate)',
  },
  {
    code: 'client-authority',
    texts: ['remote error: tls: unknown certificate authority', 'remote error: tls: unknown certificate'],
    cause: 'the server does not trust the CA of the client certificate',
    fix: 'name that CA in ssl_certificate_authorities of Logstash',
  },
  {
    code: 'key-mismatch',
    texts: [
      'private key does not match public key',
      'private key type does not match public key type',
      'failed to find any PEM data',
    ],
    cause: 'the client certificate and its key do not belong together, or one is no PEM file',
    fix: 'take both from the same issuance',
  },
  {
    code: 'protocol',
    texts: ['remote error: tls: handshake failure', 'remote error: tls: protocol version not supported'],
    cause: 'client and server have no version of TLS or cipher in common',
    fix: 'use a current Logspout; LOGSPOUT_TLS_HARDENING wants TLS 1.2',
  },
  {
    code: 'closed-by-server',
    texts: ['write: broken pipe', 'write: connection reset by peer'],
    times: 3,
    cause:
      'the server takes the connection and closes it at once: with TLS 1.3 a client that only writes sees no more than that of a certificate that the server misses or does not take',
    fix: 'give the clients certificates of the CA that the server trusts (container_logs_private_ca), or set logstash_client_authentication to none; once or twice after a restart of the server it is harmless',
  },
  {
    code: 'no-such-host',
    // Where no name server answers, Go says what came of asking it: `dial tcp: lookup NAME on SERVER: ... connection refused`.
    texts: ['no such host', 'server misbehaving', 'dial tcp: lookup '],
    cause: "the container cannot resolve the server's name",
    fix: 'look at the DNS of the container (docker exec ... nslookup), or at extra_hosts',
  },
  {
    code: 'unreachable',
    texts: ['connection refused', 'i/o timeout', 'no route to host', 'network is unreachable'],
    cause: 'nothing answers at that address and port',
    fix: "publish the port in Logstash's compose file, and open it in firewalls",
  },
];

/** What is wrong by a container's log: each cause once, with the last line that says so. */
export function causesIn(log: string): readonly { readonly cause: TlsCause; readonly line: string }[] {
  const found = new Map<TlsCause, { readonly line: string; readonly times: number }>();
  for (const line of log.split('\n')) {
    const cause = tlsCauses.find(({ texts }) => texts.some((text) => line.includes(text)));
    if (cause) found.set(cause, { line: line.trim(), times: (found.get(cause)?.times ?? 0) + 1 });
  }
  return [...found].flatMap(([cause, { line, times }]) =>
    times < (cause.times ?? 1) ? [] : [{ cause, line }],
  );
}
