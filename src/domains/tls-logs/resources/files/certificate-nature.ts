import { posix } from 'node:path';
import { quote } from '../../../../shell/quote.ts';
import type { CertificateFile } from './certificate-file.ts';

/** Takes a certificate and its key out of Traefik's file; needs jq. */
function fromTraefik(file: string, name: string): string {
  const one = `.[].Certificates[]? | select(.domain.main == "${name}")`;
  const take = (part: string, to: string) =>
    `jq -r ${quote(`${one} | .${part}`)} ${quote(file)} | base64 -d >${to}`;
  return `(umask 077; ${take('certificate', 'fullchain.pem')}; ${take('key', 'privkey.pem')})`;
}

/** What a certificate's file is that cannot be used as it is; undefined when it is, or may be, PEM. */
export function natureFault(
  { nature, target }: CertificateFile,
  path: string,
  name = 'NAME',
): string | undefined {
  switch (nature) {
    case 'loop':
      return `the certificate ${path} is a link that leads back to itself: see where its links lead with namei -l ${quote(path)}, and make them anew`;
    case 'dangling':
      return `the certificate ${path} is a link to ${target}, which is not there: restore that, or make the link anew`;
    case 'pkcs12':
      return `the certificate ${path} is PKCS#12 (.pfx, .p12), with the key in it: split it with (umask 077; openssl pkcs12 -in ${quote(path)} -nokeys -out fullchain.pem; openssl pkcs12 -in ${quote(path)} -nocerts -nodes -out privkey.pem) and name these files`;
    case 'traefik':
      return `the certificate ${path} is Traefik's store of all its certificates and keys: take this one out with ${fromTraefik(path, name)} and name these files`;
    case 'json':
      return `the certificate ${path} is JSON: take the certificate out of it into a PEM file, and name that`;
    default:
      return undefined;
  }
}

/** Where the certificate is that is missing in its place, and what to do; undefined when it was seen nowhere. */
export function otherPlace({ elsewhere }: CertificateFile, name = 'NAME'): string | undefined {
  if (elsewhere === undefined) return undefined;
  if (elsewhere.endsWith('/acme.json'))
    return `; Traefik has certificates in ${elsewhere}: take this one out with ${fromTraefik(elsewhere, name)} and name these files`;
  const [client, key] = clientOf(elsewhere, name);
  return `; ${client} has one: name ${elsewhere}, and its key ${posix.join(posix.dirname(elsewhere), key)}`;
}

function clientOf(path: string, name: string): readonly [client: string, key: string] {
  if (path.endsWith('/fullchain.cer')) return ['acme.sh', `${name}.key`];
  if (path.startsWith('/etc/letsencrypt/')) return ['certbot', 'privkey.pem'];
  if (path.startsWith('/usr/syno/')) return ["Synology's DSM", 'privkey.pem'];
  return [path.includes('/caddy/') ? 'Caddy' : 'lego', `${name}.key`];
}
