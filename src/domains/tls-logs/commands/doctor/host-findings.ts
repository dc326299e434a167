import { quote } from '../../../../shell/quote.ts';
import { bytesText } from '../status/status-text.ts';
import type { Finding } from './doctor-finding.ts';

/** What to do where commands do not run as root. */
export const asRoot = 'log in as root, or let the user become root with sudo; -K where sudo asks';

// Of a file system; what is less is soon none.
const leastFree = 0.1;

/** Versions of rsyslog that lack something that matters here, by the first that has it. */
const lacking: readonly { readonly since: number; readonly text: string; readonly fix: string }[] = [
  {
    since: 8.2208,
    text: 'it knows no SHA-256 fingerprints',
    fix: 'nothing, unless log_authentication is fingerprint: SHA-1 is used then, or take rsyslog from backports',
  },
  {
    since: 8.2602,
    text: 'with log_driver ossl a log server does not enforce its list of permitted peers: any certificate of the CA gets lines in',
    fix: 'a private CA for the log alone (the default), or log_driver: gtls, or rsyslog from backports',
  },
];

/** What is in order on a host and what is not, read of what `hostScript` printed there. */
export function hostFindings(host: string, printed: string): readonly Finding[] {
  const all = (word: string): readonly string[] =>
    [...printed.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].map(([, value = '']) => value.trim());
  const [uid] = all('uid');
  return [
    uid === '0'
      ? { host, state: 'ok', text: 'becomes root' }
      : {
          host,
          state: 'wrong',
          text: `commands run as uid ${uid ?? '?'}, not as root`,
          fix: asRoot,
        },
    ...diskFindings(host, all('disk')),
    ...rsyslogFindings(host, all('rsyslog')[0], all('daemon')[0], all('driver')),
    ...all('apparmor').map((line): Finding => ({ host, state: 'ok', text: `AppArmor: ${line}` })),
  ];
}

// The same file system under several names is shown once.
function diskFindings(host: string, disks: readonly string[]): readonly Finding[] {
  const known = new Map<
    string,
    { readonly total: number; readonly free: number; readonly directory: string }
  >();
  for (const disk of disks) {
    const [, total = '', free = '', directory = ''] = /^(\d{1,15}) (\d{1,15}) (\S+)$/.exec(disk) ?? [];
    const key = `${total} ${free}`;
    if (total !== '' && !known.has(key))
      known.set(key, { total: Number(total) * 1024, free: Number(free) * 1024, directory });
  }
  return [...known.values()].map(({ total, free, directory }): Finding => {
    const text = `${bytesText(free)} of ${bytesText(total)} are free at ${directory}`;
    if (free >= total * leastFree) return { host, state: 'ok', text };
    return { host, state: 'wrong', text, fix: `ssh ${quote(host)} 'du -xh ${directory} | sort -h | tail'` };
  });
}

function rsyslogFindings(
  host: string,
  version: string | undefined,
  daemon: string | undefined,
  drivers: readonly string[],
): readonly Finding[] {
  if (version === undefined)
    return [{ host, state: 'ok', text: 'rsyslog is not installed yet: an apply does it' }];
  const number = /\b(\d+\.\d+)\.\d+/.exec(version)?.[1];
  const found = number === undefined ? undefined : Number(number);
  const name = `rsyslog ${number ?? '(unknown version)'}`;
  const running: Finding =
    daemon === 'active'
      ? {
          host,
          state: 'ok',
          text: `${name} runs${drivers.length > 0 ? `, with ${drivers.length === 1 ? 'the TLS driver' : 'the TLS drivers'} ${drivers.join(' and ')}` : ', without a TLS driver yet: an apply installs it'}`,
        }
      : {
          host,
          state: 'wrong',
          text: `${name} does not run (${daemon || 'unknown'})`,
          fix: `ssh ${quote(host)} systemctl status rsyslog`,
        };
  const notes = lacking
    .filter(({ since }) => found !== undefined && found < since)
    .map(({ text, fix }): Finding => ({ host, state: 'note', text: `${name}: ${text}`, fix }));
  return [running, ...notes];
}
