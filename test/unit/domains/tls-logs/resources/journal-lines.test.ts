import { expect, test } from 'vitest';
import { importantLines } from '../../../../../src/domains/tls-logs/resources/restarts/journal.ts';
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
      '16 imtcp: "quoted" $(touch pwned) \\n %s * error',
      '17 omfwd: remote server suspended',
    ]);
    const few = ['error one', 'error two', 'error two', 'all is well'];
    expect(await shown(shell, few, 3)).toEqual(['10 error one', '12 error two (2 times)']);
  },
);
