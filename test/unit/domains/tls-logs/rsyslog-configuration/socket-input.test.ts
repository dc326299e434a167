import { describe, expect, test } from 'vitest';
import {
  type InputDifference,
  journalOnly,
  socketsAgain,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/socket-input.ts';

const main = '/etc/rsyslog.conf';
const postfix = '/etc/rsyslog.d/postfix.conf';
const mark = '#provision, the journal is read instead: ';
const kept = 'module(load="imuxsock" SysSock.Use="off") #provision, for sockets of other programs';
const include = '$IncludeConfig /etc/rsyslog.d/*.conf';
const socket = '$AddUnixListenSocket /var/spool/postfix/dev/log';

type Files = Readonly<Record<string, string>>;
const mapOf = (files: Files) => new Map(Object.entries(files));

function applied(files: Files, { changes, faults }: InputDifference): Files {
  expect(faults).toEqual([]);
  const after: Record<string, string> = { ...files };
  for (const [file, text] of Object.entries(files)) {
    const lines = changes.flatMap((change) => change.lines).filter((line) => line.file === file);
    after[file] = text
      .split('\n')
      .flatMap((line, index) => lines.find((one) => one.line === index + 1)?.lines ?? [line])
      .join('\n');
  }
  return after;
}

function settled(files: Files): Files {
  const after = applied(files, journalOnly(mapOf(files)));
  expect(journalOnly(mapOf(after))).toEqual({ changes: [], faults: [] });
  return after;
}

describe('the journal and nothing else', () => {
  test.each([
    [
      'module(load="imuxsock")\nmodule(load="imklog")',
      `${mark}module(load="imuxsock")\n${mark}module(load="imklog")`,
    ],
    ['module( load="imuxsock")', `${mark}module( load="imuxsock")`],
    [
      'module(\n  load="imklog"\n  permitnonkernelfacility="on"\n)',
      `${mark}module(\n${mark}  load="imklog"\n${mark}  permitnonkernelfacility="on"\n${mark})`,
    ],
    ['$ModLoad imuxsock\n$ModLoad imklog', `${mark}$ModLoad imuxsock\n${mark}$ModLoad imklog`],
    ['module(load="imuxsock") module(load="imklog")', `${mark}module(load="imuxsock") module(load="imklog")`],
    ['module(load="imtcp")', 'module(load="imtcp")'],
    ['module(load="imuxsock" SysSock.Use="off")', 'module(load="imuxsock" SysSock.Use="off")'],
  ])('%j becomes %j, and back', (before, after) => {
    expect(settled({ [main]: before })).toEqual({ [main]: after });
    expect(applied({ [main]: after }, socketsAgain(mapOf({ [main]: after })))).toEqual({ [main]: before });
  });

  test('another file loads one of them', () => {
    const files = { [main]: include, '/etc/rsyslog.d/k.conf': '\nmodule(load="imklog")' };
    expect(settled(files)['/etc/rsyslog.d/k.conf']).toBe(`\n${mark}module(load="imklog")`);
  });

  test('sockets of other programs stay, also those that come later', () => {
    const before = { [main]: `module(load="imuxsock")\nmodule(load="imklog")\n${include}` };
    const first = settled({ ...before, [postfix]: socket });
    expect(first[main]).toBe(
      `${mark}module(load="imuxsock")\n${kept}\n${mark}module(load="imklog")\n${include}`,
    );
    const without = settled(before);
    const later = { ...without, [postfix]: socket };
    expect(journalOnly(mapOf(later)).changes).toMatchObject([
      { module: 'imuxsock', from: 'not loaded', to: `loaded for ${postfix}:1 only` },
    ]);
    expect(settled(later)[main]).toBe(first[main]);
    // And when the package goes.
    expect(settled({ ...first, [postfix]: '' })[main]).toBe(without[main]);
    expect(applied(first, socketsAgain(mapOf(first)))[main]).toBe(before[main]);
  });

  test('what cannot be done is said, with its place', () => {
    expect(journalOnly(mapOf({ [main]: 'module(load="imuxsock") module(load="imtcp")' })).faults).toEqual([
      '/etc/rsyslog.conf:1 loads imuxsock on a line with something else: put it on a line of its own',
    ]);
    expect(journalOnly(mapOf({ [main]: include, [postfix]: socket })).faults).toEqual([
      expect.stringMatching(
        /^\/etc\/rsyslog\.d\/postfix\.conf:1 asks for a socket of imuxsock, which no file loads.*write module\(load="imuxsock" SysSock\.Use="off"\) before it/,
      ),
    ]);
  });
});
