import { describe, expect, test } from 'vitest';
import {
  forwardersTo,
  openListeners,
  type TakeOver,
  takenForwarders,
  takenListeners,
  takenMark,
  takenStrays,
  targetHost,
  untakenLines,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/take-over.ts';
import { waitingConfiguration } from '../../../../../src/domains/tls-logs/rsyslog-configuration/waiting-configuration.ts';

const main = '/etc/rsyslog.conf';
const one = '/etc/rsyslog.d/50-one.conf';
const include = '$WorkDirectory /var/spool/rsyslog\n$IncludeConfig /etc/rsyslog.d/*.conf';
const names = ['logs.lab', '198.18.0.1', '2001:db8::1'];
const filesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries({ [main]: include, ...files }));

/** `PATH` for a whole file, `PATH:2,3` for lines of it. */
const short = ({ files, faults }: TakeOver) => [
  ...files.map(({ path, lines }) =>
    [path, lines.map(({ line }) => line).join(',')].filter(Boolean).join(':'),
  ),
  ...faults,
];
const moved = (text: string) => short(takenForwarders(filesOf({ [one]: text }), names, []));
const received = (text: string) => short(takenListeners(filesOf({ [one]: text }), []));

describe('the host of a target', () => {
  test.each([
    ['198.18.0.1:514', '198.18.0.1'],
    ['Logs.lab', 'logs.lab'],
    ['[2001:db8::1]:514', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s', (target, host) => expect(targetHost(target)).toBe(host));
});

describe('what sends to the log server', () => {
  test.each<[what: string, text: string, taken: readonly string[]]>([
    ['a legacy line alone', '*.* @@198.18.0.1:514\n', [one]],
    ['plain UDP', '# to the server\nauth,authpriv.* @logs.lab\n', [one]],
    [
      'legacy TLS',
      '$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\nlocal7.* @@logs.lab:1514\n& stop\n',
      [one],
    ],
    [
      'an action with its settings for all',
      'global(\n DefaultNetstreamDriver="ossl"\n preserveFQDN="off"\n)\n*.* action(type="omfwd"\n target="logs.lab" port="514")\n',
      [one],
    ],
    ['one brace too many', '*.* action(type="omfwd" target="logs.lab")\n}\n', [one]],
    ['a condition', 'if $programname == "x" then {\n  action(type="omfwd" target="logs.lab")\n}\n', [one]],
    ['another server', '*.* @@siem.lab:514\n', []],
    ['a relay of what it receives', 'ruleset(name="r") { action(type="omfwd" target="logs.lab") }\n', []],
    ['a local file beside it', 'local1.* /var/log/one.log\n*.* @@logs.lab\n', [`${one}:2`]],
    ['another setting for all', 'global(workDirectory="/x")\n*.* @@logs.lab\n', [`${one}:2`]],
    ['a module beside it', 'module(load="imfile")\n*.* @@logs.lab\n& stop\n', [`${one}:2,3`]],
    ['another server beside it', '*.* @@siem.lab\n*.* @@logs.lab\n', [`${one}:2`]],
    [
      'more of the same rule',
      'local1.* /var/log/one.log\n*.* @@logs.lab\n& /var/log/two.log\n',
      [`${one}:2,3`, expect.stringContaining(`${one}:3 belongs to the rule of the line before`)],
    ],
  ])('%s', (_what, text, taken) => expect(moved(text)).toEqual(taken));

  test('of the main file only lines become comments, and come back', () => {
    const files = filesOf({ [main]: `${include}\n*.* @@logs.lab\n` });
    const { files: taken } = takenForwarders(files, names, []);
    expect(taken).toEqual([
      {
        path: main,
        did: 'sends to logs.lab',
        lines: [{ file: main, line: 3, text: '*.* @@logs.lab', lines: [`${takenMark}*.* @@logs.lab`] }],
      },
    ]);
    const after = filesOf({ [main]: `${include}\n${takenMark}*.* @@logs.lab\n` });
    expect(takenForwarders(after, names, []).files).toEqual([]);
    expect(untakenLines(after)).toEqual([
      { file: main, line: 3, text: `${takenMark}*.* @@logs.lab`, lines: ['*.* @@logs.lab'] },
    ]);
  });

  test('a file that is to be left alone is', () => {
    const files = filesOf({ [one]: '*.* @@logs.lab\n' });
    expect(takenForwarders(files, names, [one]).files).toEqual([]);
  });
});

describe('what receives', () => {
  test.each<[what: string, text: string, taken: readonly string[]]>([
    [
      'the first request',
      'global(DefaultNetstreamDriver="ossl")\nruleset(name="remote") { action(type="omfile" file="/a") }\nmodule(load="imtcp" StreamDriver.Mode="1")\ninput(type="imtcp" port="514" ruleset="remote")\nmodule(load="imudp")\ninput(type="imudp" port="514" ruleset="remote")\n',
      [one],
    ],
    [
      'the old language',
      '$ModLoad imtcp\n$InputTCPServerRun 514\n$template T,"/var/log/%HOSTNAME%.log"\n*.* ?T\n& stop\n',
      [one],
    ],
    ['on loopback only', 'module(load="imtcp")\ninput(type="imtcp" port="514" address="127.0.0.1")\n', []],
    [
      'one on loopback beside one that is open',
      'module(load="imtcp")\ninput(type="imtcp" port="514" address="::1")\ninput(type="imtcp" port="514")\n',
      [`${one}:3`],
    ],
    [
      'files of programs beside it',
      'module(load="imtcp")\nmodule(load="imfile")\ninput(type="imfile" file="/x")\ninput(type="imtcp" port="514")\n',
      [`${one}:4,1`],
    ],
  ])('%s', (_what, text, taken) => expect(received(text)).toEqual(taken));

  test('its ports', () => {
    const files = filesOf({ [one]: '$ModLoad imudp\n$UDPServerRun 514\n' });
    expect(openListeners(files, []).map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['udp 514']);
    expect(openListeners(files, [one])).toEqual([]);
  });
});

test('a closing brace that closes nothing', () => {
  const text = 'if $x == "1" then {\n}\n}\n';
  expect(short(takenStrays(filesOf({ [one]: text }), []))).toEqual([`${one}:3`]);
  expect(short(takenStrays(filesOf({ [one]: text }), [one]))).toEqual([]);
});

describe('what waits in queues on disk', () => {
  const waiting = (text: string) => {
    const files = filesOf({ [one]: text });
    return waitingConfiguration(files, forwardersTo(files, names, []));
  };

  test('is sent by the same action, with the same TLS, and nothing is read', () => {
    const action =
      '*.* action(type="omfwd" target="logs.lab"\n  queue.filename="old" queue.spoolDirectory="/var/lib/rsyslog")';
    expect(waiting(`global(DefaultNetstreamDriver="ossl")\n*.* /var/log/x\n${action}\n}\n`)).toBe(
      [
        '# queue /var/lib/rsyslog/old',
        'global(workDirectory="/var/spool/rsyslog")',
        'module(load="imuxsock" SysSock.Use="off")',
        'global(DefaultNetstreamDriver="ossl")',
        action,
        '',
      ].join('\n'),
    );
  });

  test('of the old language: settings count for the action behind them', () => {
    const text =
      '$ActionQueueFileName other\n*.* @@siem.lab\n$ActionQueueFileName old\n$ActionQueueType LinkedList\n*.* @@logs.lab\n';
    expect(waiting(text)).toBe(
      [
        '# queue /var/spool/rsyslog/old',
        'global(workDirectory="/var/spool/rsyslog")',
        'module(load="imuxsock" SysSock.Use="off")',
        '$ActionQueueFileName old',
        '$ActionQueueType LinkedList',
        '*.* @@logs.lab',
        '',
      ].join('\n'),
    );
  });

  test('there is none without a file', () => expect(waiting('*.* @@logs.lab\n')).toBeUndefined());
});
