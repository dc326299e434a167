import { expect, test } from 'vitest';
import { importantLines } from '../../../../../src/domains/tls-logs/resources/restarts/journal.ts';
import {
  causeOf,
  journalCauses,
} from '../../../../../src/domains/tls-logs/resources/restarts/journal-causes.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { shells } from '../../../../helpers/shell/shells.ts';

async function shown(
  shell: (typeof shells)[number],
  lines: readonly string[],
  count: number,
): Promise<readonly string[]> {
  const text = lines
    .map((line, second) => `Nov 28 07:10:${10 + second} h1 rsyslogd[${100 + second}]: ${line}`)
    .join('\n');
  const host = new ShellHost(shell, {}, `journalctl() { cat <<'END'\n${text}\nEND\n}`);
  const { stdout, code } = await host.run(importantLines('rsyslog', 60, count));
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^Nov 28 07:10:(\d\d) h1 rsyslogd\[\d+\]: /, '$1 '));
}

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'lines of a journal, in %s',
  async (_name, shell) => {
    const resets = (port: number) => `netstream session 0x7f${port} error -2063 from 198.18.0.2:${port}`;
    expect(
      await shown(
        shell,
        [
          "connection request from disallowed sender '198.18.0.2:40112' discarded",
          resets(1),
          resets(2),
          "connection request from disallowed sender '198.18.0.3:40' discarded",
          resets(3),
          'nothing that matters',
          'imtcp: "quoted" $(touch pwned) \\n %s * error',
          'omfwd: remote server suspended',
        ],
        3,
      ),
    ).toEqual([
      "13 connection request from disallowed sender '198.18.0.3:40' discarded (2 times)",
      "  that is: the sender's address is on no list of allowed senders of the log server",
      '  fix: add it to rsyslog_server_senders, or to the $AllowedSender line that the check names',
      '16 imtcp: "quoted" $(touch pwned) \\n %s * error',
      '17 omfwd: remote server suspended',
    ]);
    const few = ['error one', 'error two', 'error two', 'all is well'];
    expect(await shown(shell, few, 3)).toEqual(['10 error one', '12 error two (2 times)']);
  },
);

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'what a line means is said once for each cause, in %s',
  async (_name, shell) => {
    const issuer = 'err 20:unable to get local issuer certificate';
    const lines = ['error -12 one', issuer, 'error -12 two', 'imtcp: nothing that is known'];
    const found = await shown(shell, lines, 8);
    expect(found.filter((line) => line.startsWith('  that is: '))).toEqual(
      ['error -12 one', issuer].map((line) => `  that is: ${causeOf(line)?.cause}`),
    );
    expect(found.filter((line) => !line.startsWith('  '))).toHaveLength(4);
  },
);

// As real daemons wrote them (rsyslog 8.2302 and 8.2504).
test.each<[line: string, means: RegExp]>([
  [
    'nsd_ossl: Certificate error at depth: 0 err 20:unable to get local issuer certificate',
    /issuer of the certificate is not known here/,
  ],
  ['err 2:unable to get issuer certificate', /an intermediate certificate, and not the root/],
  ['err 26:unsuitable certificate purpose', /for servers only/],
  ['err 18:self-signed certificate', /signed itself/],
  ['err 19:self-signed certificate in certificate chain', /not in the CA file of this side/],
  ['unexpected GnuTLS error -12 in nsd_gtls.c:2020: A TLS fatal alert has been received.', /GnuTLS -12/],
  ['SSL routines::tlsv1 alert unknown ca', /the other side refused/],
  ['peer did not provide a certificate, not permitted to talk to it', /showed no certificate/],
  ['connection request from disallowed sender h3.lab discarded', /no list of allowed senders/],
])('%s', (line, means) => {
  expect(causeOf(line)?.cause).toMatch(means);
});

test('the page of messages is that of the table', async () => {
  const rows = journalCauses.map(
    ({ words, cause, fix }) =>
      `| ${words.map((word) => `\`${word.trim()}\``).join(', ')} | ${cause} | ${fix} |`,
  );
  const page = `# What lines of rsyslogd, OpenSSL and GnuTLS mean

Made of the table in \`src/domains/tls-logs/resources/restarts/journal-causes.ts\`; \`npm run golden\` writes it anew. When a proof or a restart fails, provision
prints the lines of both journals that matter, and below them what is written here. The first row that fits a line counts.

| a line with | that is | fix |
|---|---|---|
${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot('../../../../../docs/rsyslog-messages.md');
});
