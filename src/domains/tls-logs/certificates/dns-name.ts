const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const dnsName = new RegExp(`^${label}(?:\\.${label})*$`, 'i');

/** Whether a text can be a DNS name in a certificate; wildcards cannot. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && dnsName.test(text);
}
