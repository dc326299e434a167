import { describe, expect, test } from 'vitest';
import { configured } from '../../../../../src/domains/tls-logs/rsyslog-configuration/configured.ts';
import {
  effectiveConfiguration,
  matches,
} from '../../../../../src/domains/tls-logs/rsyslog-configuration/effective-configuration.ts';
import { placeText } from '../../../../../src/domains/tls-logs/rsyslog-configuration/statement.ts';

const main = '/etc/rsyslog.conf';
const of = (files: Readonly<Record<string, string>>) =>
  configured(effectiveConfiguration(new Map(Object.entries(files))));
const one = (text: string) => of({ [main]: text });
const loads = (text: string) =>
  one(text).modules.map(({ name, legacy, at }) => `${at.line}-${at.end} ${name}${legacy ? ' legacy' : ''}`);

describe('who loads a module', () => {
  test.each([
    ['module(load="imuxsock") # provides local logging', ['1-1 imuxsock']],
    ['module( load="imklog" )', ['1-1 imklog']],
    ['\nmodule(\n  load="imuxsock"\n  SysSock.Use="off"\n)\n', ['2-5 imuxsock']],
    ['Module (\tLOAD = "imtcp"\n)', ['1-2 imtcp']],
    ["module(load='imtcp')", ['1-1 imtcp']],
    ['$ModLoad imtcp', ['1-1 imtcp legacy']],
    ['  $modload imudp.so # UDP', ['1-1 imudp legacy']],
    ['$ModLoad /usr/lib/rsyslog/imtcp.so', ['1-1 imtcp legacy']],
    ['#module(load="imtcp")\n/* module(load="imudp")\n $ModLoad imudp */\n# $ModLoad imklog', []],
    ['module(load="imtcp") module(load="imudp")', ['1-1 imtcp', '1-1 imudp']],
    ['template(name="t" type="string" string="module(load=\\"imtcp\\")")', []],
    ['if $msg contains "module(load=\'x\')" then stop\nmodule(load="imtcp")', ['2-2 imtcp']],
    ["if $programname == 'it' or\n   $msg contains '}' then { stop }\n$ModLoad imudp", ['3-3 imudp legacy']],
    ['local0.* /var/log/it\'s.log\nmodule(load="imtcp")', ['2-2 imtcp']],
    ['*.* action(type="omfile" file="/x")\n}\nmodule(load="imtcp")', ['3-3 imtcp']],
    ['$template T,"a \\\n b"\n$ModLoad imtcp', ['3-3 imtcp legacy']],
    ['module(load="imtcp"', ['1-1 imtcp']],
  ])('%j', (text, expected) => {
    expect(loads(text)).toEqual(expected);
  });

  test('parameters have their names in lower case, lists all of their values', () => {
    const [found] = one(
      'module(load="imtcp" StreamDriver.Name="ossl" PermittedPeer=["a", "b"] # c\n MaxSessions="5")',
    ).modules;
    expect(found?.parameters).toEqual(
      new Map([
        ['load', ['imtcp']],
        ['streamdriver.name', ['ossl']],
        ['permittedpeer', ['a', 'b']],
        ['maxsessions', ['5']],
      ]),
    );
  });
});

describe('reading order', () => {
  test('an included file is read where it is included, those of a pattern by name', () => {
    const files = {
      [main]: 'module(load="imuxsock")\n$IncludeConfig /etc/rsyslog.d/*.conf # all\n$ModLoad imklog\n',
      '/etc/rsyslog.d/z.conf': '$ModLoad imudp',
      '/etc/rsyslog.d/10-a.conf': 'include(\n  mode="optional"\n  file="/etc/more/"\n)\nmodule(load="imtcp")',
      '/etc/rsyslog.d/.hidden.conf': '$ModLoad omhidden',
      '/etc/rsyslog.d/a.conf.old': '$ModLoad omold',
      '/etc/more/x': '$ModLoad imrelp\n$IncludeConfig /etc/rsyslog.conf',
      '/etc/not-included.conf': '$ModLoad omnever',
    };
    expect(of(files).modules.map(({ name, at }) => `${placeText(at)} ${name}`)).toEqual([
      '/etc/rsyslog.conf:1 imuxsock',
      '/etc/more/x:1 imrelp',
      '/etc/rsyslog.d/10-a.conf:5 imtcp',
      '/etc/rsyslog.d/z.conf:1 imudp',
      '/etc/rsyslog.conf:3 imklog',
    ]);
    expect(of({ '/etc/rsyslog.d/z.conf': '$ModLoad imudp' }).modules).toEqual([]);
  });

  test.each([
    ['/etc/rsyslog.d/*.conf', '/etc/rsyslog.d/10-a.conf', true],
    ['/etc/rsyslog.d/*.conf', '/etc/rsyslog.d/x/10-a.conf', false],
    ['/etc/rsyslog.d/*.conf', '/etc/rsyslog.d/aXconf', false],
    ['/etc/rsyslog.d/[!1]?-*', '/etc/rsyslog.d/20-a', true],
    ['/etc/rsyslog.d/[!1]?-*', '/etc/rsyslog.d/10-a', false],
    ['/etc/(a)+.conf', '/etc/(a)+.conf', true],
    ['/etc/rsyslog.d/', '/etc/rsyslog.d/any', true],
    ['/etc/.x/.*', '/etc/.x/.y', true],
  ])('%s means %s: %s', (pattern, file, expected) => {
    expect(matches(pattern, file)).toBe(expected);
  });
});

test('listeners, of both languages', () => {
  const text = `input(type="imtcp" port="514" address="198.18.0.1" ruleset="remote")
input(type="imudp" port=["514", "5514"])
$UDPServerAddress 127.0.0.1
$UDPServerRun 1514
$InputTCPServerRun 601
input(type="imfile" file="/var/log/x" tag="x")
input(type="imrelp" port="2514")`;
  const seen = one(text).listeners.map(
    ({ module, protocol, address, port, at }) => `${at.line} ${module} ${protocol} ${address || '*'} ${port}`,
  );
  expect(seen).toEqual([
    '1 imtcp tcp 198.18.0.1 514',
    '2 imudp udp * 514',
    '2 imudp udp * 5514',
    '4 imudp udp 127.0.0.1 1514',
    '5 imtcp tcp * 601',
    '7 imrelp tcp * 2514',
  ]);
});

test('forwarders, and for whom', () => {
  const text = `local7.* @@198.18.0.1:1514
*.*	@192.0.2.1
& @@(o,z9)[2001:db8::1]:601;RSYSLOG_ForwardFormat
:msg, contains, "@@no" @@log.example.com
ruleset(name="remote") { if $msg contains "@" then { action(type="omfwd" target="up.example.com" port="6514") } }
*.* action(type="omrelp" target="relp.example.com" port="2514")
*.* :omrelp:old.example.com:2514
*.* action(type="omfile" file="/var/log/@@x")`;
  expect(
    one(text).forwarders.map(({ target, ruleset, at }) => `${at.line} ${target} ${ruleset}`.trim()),
  ).toEqual([
    '1 198.18.0.1:1514',
    '2 192.0.2.1',
    '3 [2001:db8::1]:601',
    '4 log.example.com',
    '5 up.example.com:6514 remote',
    '6 relp.example.com:2514',
    '7 old.example.com:2514',
  ]);
});

test('sockets, senders, drivers and the user', () => {
  const found = one(`$AddUnixListenSocket /var/spool/postfix/dev/log
input(type="imuxsock" Socket="/run/haproxy/log")
input(type="imuxsock")
$AllowedSender TCP, 127.0.0.1, 10.0.0.0/8, *.example.net
$DefaultNetstreamDriver gtls
global(
  DefaultNetstreamDriverCAFile="/ca.pem"
  preserveFQDN="off"
)
$PrivDropToUser nobody
global(privdrop.user.name="syslog")`);
  expect(found.sockets.map(({ path }) => path)).toEqual(['/var/spool/postfix/dev/log', '/run/haproxy/log']);
  expect(found.senders.map(({ protocol, allowed }) => [protocol, allowed])).toEqual([
    ['tcp', ['127.0.0.1', '10.0.0.0/8', '*.example.net']],
  ]);
  expect(found.drivers.map(({ name, value, at }) => `${at.line} ${name} ${value}`)).toEqual([
    '5 defaultnetstreamdriver gtls',
    '6 defaultnetstreamdrivercafile /ca.pem',
  ]);
  expect(found.user).toBe('syslog');
});

// What people had on their hosts, each as it was found (the first seed's server, clients with and without a stray brace, legacy, postfix).
test.each([
  [
    `global(
  DefaultNetstreamDriver="ossl"
  DefaultNetstreamDriverCAFile="/etc/ssl/certs/ISRG_Root_X1.pem"
)
ruleset(name="remote") { action(type="omfile" file="/var/log/remote-old.log") }
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="x509/fingerprint" PermittedPeer=["SHA1:00"])
input(type="imtcp" port="514" address="198.18.0.1" ruleset="remote")
module(load="imudp")
input(type="imudp" port="514" address="198.18.0.1" ruleset="remote")`,
    { modules: ['6 imtcp', '8 imudp'], listeners: ['7 tcp 514', '9 udp 514'], forwarders: [] },
  ],
  [
    `global(
  DefaultNetstreamDriver="ossl"
  preserveFQDN="off"
)
*.* action(type="omfwd" queue.type="LinkedList" target="198.18.0.1" Port="514" Protocol="tcp"
  StreamDriver="ossl" StreamDriverMode="1")
}`,
    { modules: [], listeners: [], forwarders: ['5 198.18.0.1:514'] },
  ],
  [
    '$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\nlocal7.* @@198.18.0.1:1514\n',
    { modules: [], listeners: [], forwarders: ['3 198.18.0.1:1514'] },
  ],
])('a file of the field %#', (text, expected) => {
  const { modules, listeners, forwarders } = one(text);
  expect({
    modules: modules.map(({ name, at }) => `${at.line} ${name}`),
    listeners: listeners.map(({ protocol, port, at }) => `${at.line} ${protocol} ${port}`),
    forwarders: forwarders.map(({ target, at }) => `${at.line} ${target}`),
  }).toEqual(expected);
});
