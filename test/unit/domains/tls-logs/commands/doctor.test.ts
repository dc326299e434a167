import { describe, expect, test } from 'vitest';
import { doctorExitCode } from '../../../../../src/domains/tls-logs/commands/doctor/doctor-finding.ts';
import { hostFindings } from '../../../../../src/domains/tls-logs/commands/doctor/host-findings.ts';
import { hostScript } from '../../../../../src/domains/tls-logs/commands/doctor/host-script.ts';
import {
  type Machine,
  machineFindings,
} from '../../../../../src/domains/tls-logs/commands/doctor/machine-findings.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { shells } from '../../../../helpers/shell/shells.ts';

const machine: Machine = {
  node: 'v24.0.0',
  sqlite: true,
  keys: ['~/.ssh/id_ed25519'],
  agent: true,
  knownHosts: { file: '~/.ssh/known_hosts', lines: 3, writable: true },
  synchronised: true,
  records: { directory: '/home/me/records' },
};

describe('this machine', () => {
  test('in order', () => {
    expect(machineFindings(machine).map(({ state, text }) => `${state} ${text}`)).toEqual([
      'ok Node v24.0.0, with SQLite',
      'ok ssh keys: those of the agent, ~/.ssh/id_ed25519',
      'ok ~/.ssh/known_hosts: 3 lines',
      'ok the clock is set by the network',
      'ok runs are kept in /home/me/records',
    ]);
  });

  test.each<[Partial<Machine>, string, string]>([
    [{ sqlite: false }, 'note', 'built without SQLite'],
    [{ keys: [], agent: false }, 'note', 'there is no ssh key'],
    [{ knownHosts: { ...machine.knownHosts, lines: undefined } }, 'note', 'is not there'],
    [{ knownHosts: { ...machine.knownHosts, writable: false } }, 'wrong', 'cannot be written'],
    [{ synchronised: undefined }, 'note', 'nobody here says'],
    [{ synchronised: false }, 'wrong', 'not set by the network'],
    [
      { records: { absent: 'PROVISION_RECORDS is off' } },
      'note',
      'runs are not kept: PROVISION_RECORDS is off',
    ],
  ])('%j', (more, state, text) => {
    const odd = machineFindings({ ...machine, ...more }).filter((finding) => finding.state !== 'ok');
    expect(odd).toEqual([{ state, text: expect.stringContaining(text), fix: expect.stringMatching(/./) }]);
  });
});

const printed = `uid 0
disk 1000000 500000 /
disk 1000000 500000 /var
disk 2000000 100000 /var/log
rsyslog rsyslogd  8.2302.0 (aka 2023.02) compiled with:
daemon active
driver ossl
driver gtls
apparmor rsyslogd (enforce)
`;
const rows = (text: string): readonly string[] =>
  hostFindings('h1', text).map(
    ({ state, text: what, fix }) => `${state} ${what}${fix === undefined ? '' : ` | ${fix}`}`,
  );

describe('a host', () => {
  test('with a full disk and an rsyslog that lacks something', () => {
    expect(rows(printed)).toEqual([
      'ok becomes root',
      'ok 512 MB of 1.0 GB are free at /',
      "wrong 102 MB of 2.0 GB are free at /var/log | ssh h1 'du -xh /var/log | sort -h | tail'",
      'ok rsyslog 8.2302 runs, with the TLS drivers ossl and gtls',
      expect.stringMatching(/^note rsyslog 8\.2302: with log_driver ossl .* \| a private CA/),
      'ok AppArmor: rsyslogd (enforce)',
    ]);
  });

  test.each([
    ['', ['wrong commands run as uid ?, not as root', 'ok rsyslog is not installed yet: an apply does it']],
    [
      'uid 1000\nrsyslog rsyslogd 8.2602.0\ndaemon failed\n',
      ['wrong commands run as uid 1000, not as root', 'wrong rsyslog 8.2602 does not run (failed)'],
    ],
    [
      'uid 0\nrsyslog nonsense\ndaemon active\ndisk x y z\n',
      [
        'ok becomes root',
        'ok rsyslog (unknown version) runs, without a TLS driver yet: an apply installs it',
      ],
    ],
  ])('that printed %j', (text, wanted) => {
    expect(rows(text).map((row) => row.split(' | ')[0])).toEqual(wanted);
  });

  test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
    'is asked in %s',
    async (_name, shell) => {
      const { code, stdout, stderr } = await new ShellHost(shell).run(hostScript);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^uid ${process.getuid?.()}\\ndisk \\d+ \\d+ /\\n`));
    },
  );
});

test.each([
  [['ok', 'note'], 0],
  [['ok', 'unreachable'], 4],
  [['unreachable', 'wrong'], 2],
] as const)('%j is exit code %i', (states, code) => {
  expect(doctorExitCode(states.map((state) => ({ state, text: 'x' })))).toBe(code);
});

describe('provision doctor', () => {
  const site = `inventory: { hosts: { a: { ansible_connection: local }, off: { ansible_host: 127.0.0.1, ansible_port: 1 } } }
plays: [{ hosts: a, tasks: [{ debug: { msg: x } }] }]
`;

  test('this machine, and the hosts of a playbook, each line that is not ok with its fix', async () => {
    const cwd = folder({ 'site.yml': site });
    const env = { HOME: cwd, PROVISION_STATE: `${cwd}/.state`, PROVISION_RUN: `${cwd}/.run` };
    const alone = await provision(['doctor'], { cwd, env });
    expect(alone.stdout).toMatch(/^this machine\n {2}ok {5}Node v\S+, with SQLite\n/);
    expect(alone.stdout.replace(/\s+/g, ' ')).toContain(
      `runs are kept in ${cwd}/.local/state/provision/records`,
    );
    const { code, stdout } = await provision(['doctor', 'site.yml', '--json'], { cwd, env });
    const { type, findings, exitCode } = JSON.parse(stdout) as {
      readonly type: string;
      readonly exitCode: number;
      readonly findings: readonly {
        readonly host?: string;
        readonly state: string;
        readonly text: string;
        readonly fix?: string;
      }[];
    };
    expect({ type, exitCode }).toEqual({ type: 'doctor', exitCode: code });
    expect(findings.filter(({ host }) => host === 'a').length).toBeGreaterThan(1);
    expect(findings.filter(({ host }) => host === 'off')).toEqual([
      {
        host: 'off',
        state: 'unreachable',
        text: expect.stringContaining('refused'),
        fix: expect.stringContaining('sshd'),
      },
    ]);
    for (const { state, fix } of findings) expect(fix === undefined, state).toBe(state === 'ok');
  });
});
