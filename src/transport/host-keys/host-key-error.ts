import { createHash } from 'node:crypto';
import { UnreachableError } from '../connection.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import type { HostKeyVerdict, KnownHost } from './host-key-verdict.ts';
import { type KnownHostKey, keyType } from './known-hosts.ts';
import { NewHostKeyError, recordHostKey } from './new-host-key.ts';

/** A key's fingerprint as ssh shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

const place = ({ file, line }: KnownHostKey): string => `${file}:${line}`;

function acceptHint(settings: SshSettings, type: string): string {
  const { host, port, jumps, hostKeyAlias, userKnownHostsFiles, sshCommand } = settings;
  const short = type.replace(/^ssh-/, '').replace(/^ecdsa-sha2-.*/, 'ecdsa');
  const compare = `compare it with \`ssh-keygen -lf /etc/ssh/ssh_host_${short}_key.pub\` on the host's own console`;
  const file = userKnownHostsFiles[0];
  if (file === undefined || file === '/dev/null') {
    return `${compare}; UserKnownHostsFile keeps no keys for this host: name a file there, then run \`${sshCommand}\``;
  }
  const scan = `ssh-keyscan -t ${short} -p ${port} ${host} >> ${file}`;
  const direct = jumps.length === 0 && hostKeyAlias === undefined;
  return `${compare}; if they are the same, accept it with \`${sshCommand}\`${direct ? ` or \`${scan}\`` : ''}`;
}

/** Says why a host key stops the run, and what to do. */
export function hostKeyError(
  settings: SshSettings,
  known: KnownHost,
  key: Buffer,
  verdict: Exclude<HostKeyVerdict, { kind: 'trusted' }>,
): UnreachableError {
  const type = keyType(key) ?? 'unknown type';
  const shown = `${type} ${fingerprint(key)}`;
  if (verdict.kind === 'revoked') {
    return new UnreachableError(
      'revoked-host-key',
      `${known.name} shows a host key that is marked @revoked at ${place(verdict.by)}: ${shown}`,
      `this key is not to be trusted: give the host a new one, or remove ${place(verdict.by)} if it was marked by mistake`,
    );
  }
  if (verdict.kind === 'changed') {
    const { file } = verdict.by;
    return new UnreachableError(
      'changed-host-key',
      `the host key of ${known.name} is not the one at ${place(verdict.by)}: it shows ${shown}, on file is ${fingerprint(verdict.by.key)}`,
      `somebody may be listening in. Only if the host was set up anew: \`ssh-keygen -f ${file} -R '${known.name}'\`, then ${acceptHint(settings, type)}`,
    );
  }
  const [other] = verdict.others;
  const why = [
    other && `only another type of key is on file, ${other.type} at ${place(other)}`,
    verdict.authority && `@cert-authority at ${place(verdict.authority)} is not supported`,
  ].filter((reason) => reason !== undefined);
  const reasons = why.length > 0 ? ` (${why.join('; ')})` : '';
  const message = `the host key of ${known.name} is not known${reasons}: ${shown}`;
  const hint = acceptHint(settings, type);
  if (why.length > 0) return new UnreachableError('unknown-host-key', message, hint);
  const [file] = settings.userKnownHostsFiles;
  return new NewHostKeyError(message, hint, {
    name: known.name,
    type,
    fingerprint: fingerprint(key),
    file: file === '/dev/null' ? undefined : file,
    record: () => recordHostKey(settings, known.name, key),
  });
}
