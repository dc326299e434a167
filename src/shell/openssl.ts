/**
 * Stands before a command of sh code that runs `openssl x509` or `s_client` and needs no root that the host trusts: OpenSSL 3
 * reads all of them before either does anything, which are 25 of the 28 ms that it takes.
 */
export const withoutRoots = 'SSL_CERT_FILE=/dev/null';
