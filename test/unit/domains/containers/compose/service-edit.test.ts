import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { editService } from '../../../../../src/domains/containers/compose/service-edit.ts';
import type { ServiceWish } from '../../../../../src/domains/containers/compose/service-wish.ts';

const nothing: ServiceWish = { settings: {}, absent: [], replace: [] };

function edit(text: string, wish: Partial<ServiceWish>, service = 'logspout') {
  const path = 'docker-compose.yml';
  const once = editService([{ path, text }], service, { ...nothing, ...wish });
  expect(once.faults).toEqual([]);
  const [file] = once.files;
  if (!file) throw new Error('no file');
  // Once is enough, and what comes out can be read.
  expect(editService([file], service, { ...nothing, ...wish }).files).toEqual([file]);
  parse(file.text, { merge: true });
  return file.text;
}

/** As the seed's hosts have it. */
const seed = `# Logs of this VM go to the monitoring VM.
version: "2"   # do not change

x-common: &common
  restart: always

services:
  web:
    <<: *common
    image: nginx:1.11

  logspout:   # sends what containers print
    <<: *common
    image: 'gliderlabs/logspout:v3.2'
    command: "syslog+tcp://monitoring.picasoft.net:1234"   # plain!
    environment:
      # one a line
      - SYSLOG_HOSTNAME=vm1
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock

# the end
`;

const tls = {
  replace: [
    {
      texts: ['syslog+tcp://monitoring.picasoft.net:1234', 'syslog://monitoring.picasoft.net:1234'],
      with: 'syslog+tls://monitoring.picasoft.net:1234',
    },
  ],
  settings: {
    environment: { LOGSPOUT_TLS_CA_CERTS: '/certs/root.pem' },
    volumes: ['/etc/provision/logspout:/certs:ro'],
  },
};

test('the seed: the route, the CA and its volume, and not a character more', () => {
  expect(edit(seed, tls)).toBe(
    seed
      .replace('syslog+tcp', 'syslog+tls')
      .replace('HOSTNAME=vm1\n', 'HOSTNAME=vm1\n      - LOGSPOUT_TLS_CA_CERTS=/certs/root.pem\n')
      .replace('docker.sock\n\n', 'docker.sock\n      - /etc/provision/logspout:/certs:ro\n\n'),
  );
});

test('the same with the line ends of Windows and without the last one', () => {
  const windows = seed.replace('\n# the end\n', '').trimEnd().replaceAll('\n', '\r\n');
  const done = edit(windows, tls);
  expect(done.replaceAll('\r\n', '\n')).toBe(edit(seed.replace('\n# the end\n', '').trimEnd(), tls));
  expect(done.match(/[^\r]\n/)).toBeNull();
});

const service = (lines: string) => `services:\n  logspout:\n${lines.replaceAll(/^(?=.)/gm, '    ')}`;

describe('every way to write a service', () => {
  test.each<[string, string, Partial<ServiceWish>, string]>([
    [
      'a value keeps its quotes and the comment behind it',
      "restart: 'no' # why\n",
      { settings: { restart: 'always' } },
      "restart: 'always' # why\n",
    ],
    [
      'a mapping of names gets another, above the comment that ends it',
      'environment:\n  A: b # c\n  # d\n\nimage: x\n',
      { settings: { environment: { E: 'yes', A: 2 } } },
      'environment:\n  A: "2" # c\n  E: "yes"\n  # d\n\nimage: x\n',
    ],
    [
      'what is the same to Compose stays',
      'environment: {A: 1}\nports: [80, "443:443"]\nvolumes: ["/a:/b:rw"]\n',
      { settings: { environment: { A: '1' }, ports: ['80', '443:443'], volumes: ['/a:/b'] } },
      'environment: {A: 1}\nports: [80, "443:443"]\nvolumes: ["/a:/b:rw"]\n',
    ],
    [
      'brackets',
      'environment: {}\nports: [80]\nlabels: { a: b }\n',
      { settings: { environment: { A: 'a, b' }, ports: ['443:443'], labels: { c: 'd' } } },
      'environment: { A: "a, b" }\nports: [80, 443:443]\nlabels: { a: b, c: d }\n',
    ],
    [
      'a key with nothing behind it',
      'environment: # none yet\nimage: x\n',
      { settings: { environment: { A: 'b' } } },
      'environment: # none yet\n  A: b\nimage: x\n',
    ],
    [
      'a new key comes last, a list as the file has lists',
      'ports:\n- "80:80"\n',
      { settings: { volumes: ['/a:/b'], healthcheck: { test: ['CMD', 'true'], retries: 3 } } },
      'ports:\n- "80:80"\nvolumes:\n- /a:/b\nhealthcheck:\n  test:\n  - CMD\n  - "true"\n  retries: 3\n',
    ],
    [
      'what is mounted at a path is replaced, in either way to write it',
      'volumes:\n  - ./old:/certs # old\n  - type: bind\n    source: /x\n    target: /y\n  - other:/data\n',
      { settings: { volumes: ['/new:/certs:ro', { type: 'bind', source: '/z', target: '/y' }] } },
      'volumes:\n  - /new:/certs:ro # old\n  - type: bind\n    source: /z\n    target: /y\n  - other:/data\n',
    ],
    [
      'a command is a whole: a list becomes a string',
      'command:\n  - a\n  - b # c\nimage: x\n',
      { settings: { command: 'd e' } },
      'command: d e\nimage: x\n',
    ],
    [
      'a text on several lines keeps its form',
      'command: |\n  a\n  syslog+tcp://h\nimage: x\n',
      { replace: [{ texts: ['syslog+tcp'], with: 'syslog+tls' }] },
      'command: |\n  a\n  syslog+tls://h\nimage: x\n',
    ],
    [
      'a text is replaced wherever it stands, once',
      'command: [--, "a://h"]\nenvironment: [ROUTE_URIS=a://h?x=a://h]\n',
      { replace: [{ texts: ['a://h'], with: 'bba://h' }] },
      'command: [--, "bba://h"]\nenvironment: [ROUTE_URIS=bba://h?x=bba://h]\n',
    ],
    [
      'what shall not be there goes with its line, comments above it stay',
      'environment:\n  # above\n  - DEBUG=1 # gone\n  - A\nprivileged: true\nvolumes:\n  - /a:/b\nlabels: {x: y, z: w}\nimage: x\n',
      { absent: ['environment.DEBUG', 'privileged', 'volumes./b', 'labels.z', 'nothing.at.all'] },
      'environment:\n  # above\n  - A\nlabels: {x: y}\nimage: x\n',
    ],
    [
      'tags and anchors of its own stay',
      'environment: &mine\n  A: !!str "1"\nimage: &i x\n',
      { settings: { environment: { A: '2' }, image: 'z' } },
      'environment: &mine\n  A: !!str "2"\nimage: &i z\n',
    ],
    [
      'a variable of Compose is text',
      'volumes:\n  - ${DIR:-/srv}/a:/b\n',
      { settings: { volumes: ['${DIR:-/srv}/a:/b', '${X}:/c'] } },
      'volumes:\n  - ${DIR:-/srv}/a:/b\n  - ${X}:/c\n',
    ],
  ])('%s', (_title, before, wish, after) => {
    expect(edit(service(before), wish)).toBe(service(after));
  });
});

describe('what services have in common', () => {
  const common = (lines: string) =>
    `x-env: &env\n  A: b\nx-base: &base\n  labels: {l: m}\nservices:\n  web: {image: x, environment: *env}\n  logspout:\n    <<: *base\n${lines}`;

  test.each<[string, string, Partial<ServiceWish>, string]>([
    [
      'a name is merged, and what is new stands beside it',
      '    environment: *env # theirs\n',
      { settings: { environment: { C: 'd' } } },
      '    environment: { <<: *env, C: d } # theirs\n',
    ],
    [
      'what is merged into the service is written out where it differs',
      '    image: x\n',
      { settings: { labels: { p: 'o' } } },
      '    image: x\n    labels:\n      l: m\n      p: o\n',
    ],
    [
      'what is merged and as wanted is left alone',
      '    environment:\n      <<: *env\n',
      { settings: { environment: { A: 'b' }, labels: { l: 'm' } } },
      '    environment:\n      <<: *env\n',
    ],
  ])('%s', (_title, before, wish, after) => {
    expect(edit(common(before), wish)).toBe(common(after));
  });
});

describe('several files', () => {
  const base = {
    path: 'a.yml',
    text: 'services:\n  s:\n    image: x\n    command: old\n    environment: {A: 1}\n',
  };
  const override = { path: 'b.yml', text: 'services:\n  s:\n    command: older\n  web: {image: y}\n' };

  test('the last that has a say is edited, else the first that has the service', () => {
    const wish = { ...nothing, settings: { command: 'new', environment: { A: 2, B: 3 } } };
    const { files, faults } = editService([base, override], 's', wish);
    expect(faults).toEqual([]);
    expect(files[0]?.text).toBe(base.text.replace('{A: 1}', '{A: "2", B: "3"}'));
    expect(files[1]?.text).toBe(override.text.replace('older', 'new'));
  });

  test('what shall not be there goes from all of them', () => {
    const { files } = editService([base, override], 's', { ...nothing, absent: ['command'] });
    expect(files.map(({ text }) => text)).toEqual([
      base.text.replace('    command: old\n', ''),
      'services:\n  s: {}\n  web: {image: y}\n',
    ]);
  });
});

test.each<[string, string, Partial<ServiceWish>, string]>([
  ['another service', 'services: {web: {image: x}}', {}, 'there is no service logspout in c.yml; it has web'],
  ['no YAML', 'services:\n  a: b: c', {}, 'c.yml:2:6: no YAML: Nested mappings are not allowed'],
  ['a key twice', 'services: {logspout: {a: 1, a: 2}}', {}, 'c.yml:1:29: no YAML: Map keys must be unique'],
  ['nothing', '', {}, 'c.yml is empty'],
  ['two documents', 'a: 1\n---\nb: 2', {}, 'c.yml holds several YAML documents; Compose reads one'],
  ['the first format', 'logspout: {image: x}', {}, 'c.yml has no `services:`'],
  ['a list', '- a', {}, 'c.yml is no mapping'],
  ['an empty service', 'services: {logspout: }', {}, 'service logspout is empty in c.yml'],
  [
    'a bomb',
    `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c]\nservices: {logspout: {image: x}}`,
    {},
    'Excessive alias count',
  ],
  [
    'another one under its name',
    'services:\n  web: &web {image: x}\n  logspout: *web',
    { settings: { image: 'y' } },
    "service logspout of c.yml is another's (*web): write `<<: *web` below it in its place",
  ],
  [
    'an anchor that others use',
    'services:\n  logspout:\n    environment: &env {A: b}\n  web: {environment: *env}',
    { settings: { environment: { A: 'c' } } },
    'what is to change in service logspout of c.yml is also that of web, by an anchor',
  ],
  [
    'what is merged cannot be taken away',
    'x: &x {privileged: true}\nservices:\n  logspout:\n    <<: *x\n    image: y',
    { absent: ['privileged'] },
    'privileged is merged from elsewhere (`<<`), and cannot be removed here',
  ],
  [
    'a text that is not there',
    'services: {logspout: {command: "syslog+tcp://${HOST}"}}',
    { replace: [{ texts: ['tcp://h', 'udp://h'], with: 'tls://h' }] },
    'nothing in service logspout says tcp://h or udp://h, which tls://h is to replace; its command is "syslog+tcp://${HOST}"',
  ],
])('%s is refused', (_title, text, wish, fault) => {
  const files = [{ path: 'c.yml', text }];
  const done = editService(files, 'logspout', { ...nothing, ...wish });
  expect(done.faults).toEqual([expect.stringContaining(fault)]);
  expect(done.files).toEqual(files);
});
