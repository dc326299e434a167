/** The key and signature of every certificate of the private CA, as WebCrypto names them. */
export const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Milliseconds that certificates of the private CA are valid before they are made: hosts' clocks differ. */
export const backdated = 3_600_000;
