import { quote } from '../../shell/quote.ts';

/** What a private key is. */
export interface KeyKind {
  readonly type: string;
  /** Bits. */
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

// Names that openssl has for curves which Ansible calls by their others.
const curves: Readonly<Record<string, string>> = { secp256r1: 'prime256v1', secp192r1: 'prime192v1' };

/** A curve by the name that openssl has for it. */
export function standardCurve(name: string | undefined): string | undefined {
  return name === undefined ? undefined : (curves[name] ?? name);
}

/** Reads what `openssl pkey -text_pub` printed. */
export function readPrivateKey(text: string | undefined): KeyKind | undefined {
  if (text === undefined) return undefined;
  const [, named] = /^(ED25519|ED448|X25519|X448) Public-Key/m.exec(text) ?? [];
  if (named !== undefined) return { type: named.replace('ED', 'Ed'), size: undefined, curve: undefined };
  const size = Number(/Public-Key: \((\d+) bit/.exec(text)?.[1]);
  if (Number.isNaN(size)) return undefined;
  const curve = /^ASN1 OID: (\S+)/m.exec(text)?.[1];
  if (curve !== undefined) return { type: 'ECC', size, curve };
  return { type: /^Modulus/m.test(text) ? 'RSA' : 'DSA', size, curve: undefined };
}

function generation({ type, size, curve }: KeyKind): string {
  if (type === 'RSA') return `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${size} 2>/dev/null`;
  if (type === 'ECC')
    return `openssl genpkey -algorithm EC -pkeyopt ${quote(`ec_paramgen_curve:${standardCurve(curve)}`)} -pkeyopt ec_param_enc:named_curve`;
  if (type === 'DSA')
    return `openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:${size} 2>/dev/null | openssl genpkey -paramfile /dev/stdin`;
  return `openssl genpkey -algorithm ${type.toUpperCase()}`;
}

/**
 * sh code that prints a key, new or read from a file; a passphrase is in $provision_phrase.
 * @param traditional in the format of its kind, not in PKCS 8
 */
export function keyCode(key: {
  readonly kind: KeyKind;
  readonly traditional: boolean;
  readonly protect: boolean;
  readonly from: string | undefined;
}): string {
  const { kind, traditional, protect, from } = key;
  const read =
    from === undefined ? generation(kind) : `openssl pkey -in ${quote(from)} -passin env:provision_phrase`;
  const protection = protect ? ' -aes256 -passout env:provision_phrase' : '';
  return `provision_made=$(${read}) && [ -n "$provision_made" ] || exit 1
printf '%s\\n' "$provision_made" | openssl pkey${traditional ? ' -traditional' : ''}${protection}`;
}
