/** What Logspout reads at its start about TLS. */
const known = [
  'LOGSPOUT_TLS_CA_CERTS',
  'LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS',
  'LOGSPOUT_TLS_CLIENT_CERT',
  'LOGSPOUT_TLS_CLIENT_KEY',
  'LOGSPOUT_TLS_HARDENING',
] as const;

/** Variables that look as if they were about TLS, and are read by nobody; each with the one that was meant. */
export function strayVariables(
  names: readonly string[],
): readonly { readonly name: string; readonly meant: string }[] {
  return names.flatMap((name) => {
    if ((known as readonly string[]).includes(name)) return [];
    const upper = name.toUpperCase();
    if (!upper.includes('LOGSPOUT') || !/TLS|SSL|CERT|_CA/.test(upper)) return [];
    return [{ name, meant: meantBy(upper) }];
  });
}

function meantBy(name: string): (typeof known)[number] {
  if (name.includes('KEY')) return 'LOGSPOUT_TLS_CLIENT_KEY';
  if (name.includes('CLIENT')) return 'LOGSPOUT_TLS_CLIENT_CERT';
  if (name.includes('ROOTS') || name.includes('SYSTEM')) return 'LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS';
  if (name.includes('HARD')) return 'LOGSPOUT_TLS_HARDENING';
  return 'LOGSPOUT_TLS_CA_CERTS';
}
