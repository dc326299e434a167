import { dockerCommand, type Inspected, member } from './docker-client.ts';

/** sh code that prints as `digest` which image a registry has under a name, where docker can say it without fetching. */
export function registryDigestCode(name: string): string {
  const command = dockerCommand('buildx', 'imagetools', 'inspect', name, '--format', '{{.Manifest.Digest}}');
  return `provision_digest=$(${command} 2>/dev/null) && printf 'digest %s\\n' "$provision_digest"\n:`;
}

/** Whether an image is the one that its registry has. */
export function isNewest(image: Inspected, digest: string | undefined): boolean {
  const digests = member(image, 'RepoDigests');
  return (
    digest !== undefined &&
    Array.isArray(digests) &&
    digests.some((one) => String(one).endsWith(`@${digest.trim()}`))
  );
}
