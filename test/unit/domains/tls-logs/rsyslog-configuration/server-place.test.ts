import { expect, test } from 'vitest';
import { fittedDropIn } from '../../../../../src/domains/tls-logs/rsyslog-configuration/server-place.ts';

const dest = '/etc/rsyslog.d/10-provision-tls-server.conf';
const behind = '/etc/rsyslog.d/zz-provision-tls-server.conf';
const ours = '# ours\nmodule(load="imtcp")\n\ninput(type="imtcp" port="6514")\n';
const without = (file: string) =>
  `# ours\n# imtcp is loaded by ${file}.\n\ninput(type="imtcp" port="6514")\n`;
const include = '$IncludeConfig /etc/rsyslog.d/*.conf';
const load = 'module(load="imtcp" StreamDriver.Name="ossl")';

const fitted = (files: Readonly<Record<string, string>>, content = ours) =>
  fittedDropIn(new Map(Object.entries({ '/etc/rsyslog.conf': include, ...files })), {
    dest,
    behind,
    content,
  });

test.each([
  ['nobody loads it', {}, dest, ours],
  ['ours is there already, in either place', { [dest]: ours, [behind]: ours }, dest, ours],
  [
    'the main file does, before its include',
    { '/etc/rsyslog.conf': `${load}\n${include}` },
    dest,
    without('/etc/rsyslog.conf'),
  ],
  [
    'the main file does, in the old language',
    { '/etc/rsyslog.conf': `$ModLoad imtcp\n${include}` },
    dest,
    without('/etc/rsyslog.conf'),
  ],
  [
    'a file that is read before',
    { '/etc/rsyslog.d/05-remote.conf': load },
    dest,
    without('/etc/rsyslog.d/05-remote.conf'),
  ],
  [
    'a file that is read behind',
    { '/etc/rsyslog.d/10-remote.conf': load },
    behind,
    without('/etc/rsyslog.d/10-remote.conf'),
  ],
  ['a file that is not read', { '/etc/rsyslog.d/10-remote.conf.off': load }, dest, ours],
])('%s', (_what, files, path, content) => {
  expect(fitted(files)).toEqual({ path, content, faults: [] });
});

test('who loads it too late is named, and who was to load it and does not', () => {
  expect(fitted({ '/etc/rsyslog.conf': `${include}\n${load}` }).faults).toEqual([
    expect.stringMatching(
      /^\/etc\/rsyslog\.conf:2 loads imtcp after the files of .*move that line up, before the include/,
    ),
  ]);
  expect(fitted({}, 'input(type="imtcp" port="6514")').faults).toEqual([
    'no file loads imtcp: leave rsyslog_server_load_imtcp at true',
  ]);
});

test('where it is not loaded by us on purpose, only the place is worked out', () => {
  const content = 'input(type="imtcp" port="6514")';
  expect(fitted({ '/etc/rsyslog.d/20-x.conf': load }, content)).toEqual({
    path: behind,
    content,
    faults: [],
  });
});

test('a module that needs other parameters', () => {
  const content = 'module(load="imrelp" tls.tlslib="openssl")\ninput(type="imrelp" port="6514")';
  const other = (text: string) => fitted({ '/etc/rsyslog.d/05-relp.conf': text }, content).faults;
  expect(other('module(load="imrelp" tls.tlslib="openssl")')).toEqual([]);
  expect(other('module(load="imrelp")')).toEqual([
    '/etc/rsyslog.d/05-relp.conf:1 loads imrelp without tls.tlslib="openssl", which the TLS listener needs: add it there',
  ]);
});
