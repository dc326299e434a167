import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { containerLoaded } from '../../../../../src/domains/containers/resources/container-loaded.ts';
import { isCertificate } from '../../../../../src/domains/tls-logs/ledger/certificate-observation.ts';
import { isService } from '../../../../../src/domains/tls-logs/ledger/service-observation.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  made.root('one', 'subjectAltName=DNS:one.lab');
  made.root('two', 'subjectAltName=DNS:two.lab');
});
afterAll(() => made.remove());

// A container that started when the file `started` says, and presents `next` from its next start on.
const docker = `#!/bin/sh
here=\${0%/*}
case \${0##*/}:$1 in
nsenter:*) case $* in *' ss '*) [ -e "$here/links" ] && cat "$here/links"; exit ;; esac
  [ ! -s "$here/presented" ] || { echo CONNECTED; cat "$here/presented"; } ;;
docker:ps) [ ! -e "$here/down" ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }; while read -r id; do echo "$id once:False $here/../p"; done <"$here/ids" ;;
docker:inspect) case $3 in '{{.State.Pid}}') echo 1 ;; *) for id in $(cat "$here/ids"); do echo "$id $(cat "$here/status") $(cat "$here/started") 1 $(cat "$here/log" 2>/dev/null)"; done ;; esac ;;
docker:restart) echo "$*" >>"$here/called"; date -u +%Y-%m-%dT%H:%M:%S.%NZ >"$here/started"; echo running >"$here/status"; cat "$here/next" >"$here/presented" ;;
docker:logs) echo 'bad key' ;;
esac
`;

const fresh = scratch();
let folder: string;
let host: ShellHost;
const at = (name: string) => join(folder, 'bin', name);
const set = (name: string, text: string) => writeFileSync(at(name), text);
const called = () => readFileSync(at('called'), 'utf8');
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

beforeEach(() => {
  folder = fresh();
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'p'));
  for (const name of ['docker', 'nsenter']) {
    set(name, docker);
    chmodSync(at(name), 0o755);
  }
  writeFileSync(join(folder, 'fullchain.pem'), made.pem('one'));
  set('ids', 'abc\n');
  set('status', 'running');
  set('called', '');
  set('started', new Date(Date.now() + 1000).toISOString());
  set('presented', made.pem('one'));
  set('next', made.pem('one'));
  host = new ShellHost(['sh', '-s'], { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` });
});

const args = (more: object = {}) => ({
  project_src: join(folder, 'p'),
  service: 's',
  paths: [join(folder, 'fullchain.pem')],
  timeout: 2,
  ...more,
});
const listening = () => args({ certificate: join(folder, 'fullchain.pem'), port: 6514 });

describe('a container is restarted', () => {
  test('when it started before the last change of what it reads, once', async () => {
    expect((await host.apply(containerLoaded, args())).changes).toEqual([]);
    set('started', ago(100));
    const { changes, outputs } = await host.apply(containerLoaded, args());
    expect(changes).toEqual([
      {
        attribute: 'container',
        from: expect.stringContaining('started 2'),
        to: expect.stringMatching(/^started after .*fullchain\.pem, which changed 2/),
      },
    ]);
    expect(outputs).toEqual([{ code: 0, stdout: '', stderr: '' }]);
    expect(called()).toBe('restart --time 30 abc\n');
    expect((await host.apply(containerLoaded, args())).changes).toEqual([]);
  });

  test('when its port presents another certificate, and waited for', async () => {
    set('presented', made.pem('two'));
    const { changes, outputs } = await host.apply(containerLoaded, listening());
    expect(changes).toEqual([
      {
        attribute: 'port 6514',
        from: expect.stringMatching(/^certificate ([0-9A-F]{2}:){31}/),
        to: expect.stringMatching(/^certificate ([0-9A-F]{2}:){31}/),
      },
    ]);
    expect(outputs).toEqual([{ code: 0, stdout: '', stderr: '' }]);
    expect((await host.apply(containerLoaded, listening())).changes).toEqual([]);
  });

  test('when it does not run', async () => {
    set('status', 'exited');
    const { changes } = await host.apply(containerLoaded, args());
    expect(changes).toEqual([{ attribute: 'container', from: 'exited', to: 'running' }]);
    expect(called()).toBe('restart --time 30 abc\n');
  });
});

test('one that was started a moment ago is waited for, not started once more; its last words are shown', async () => {
  set('presented', '');
  set('started', ago(-60));
  const { changes, outputs } = await host.apply(containerLoaded, listening());
  expect(changes).toEqual([
    { attribute: 'port 6514', from: 'starting', to: expect.stringContaining('certificate ') },
  ]);
  expect(outputs).toEqual([
    {
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^port 6514 of s presents no certificate, not .*; its last words:\nbad key\n$/,
      ),
    },
  ]);
  expect(called()).toBe('');
});

test.each([
  ['no container', () => set('ids', ''), 'has no container: start it first'],
  [
    'no daemon',
    () => set('down', ''),
    'the Docker daemon does not answer: Cannot connect to the Docker daemon',
  ],
])('%s: refused', async (_title, before, says) => {
  before();
  expect((await host.apply(containerLoaded, args())).refused).toEqual([expect.stringContaining(says)]);
});

describe('what `provision certs` sees', () => {
  async function seen(want: object) {
    const { have } = await host.plan(containerLoaded, want);
    const found =
      containerLoaded.observations?.(prepared(containerLoaded, want) as never, have as never) ?? [];
    return found.filter(isCertificate).map(({ place, stage, chain, trouble }) => {
      const which =
        chain === undefined ? trouble : chain.trim() === made.pem('one').trim() ? 'one' : 'another';
      return `${stage === 'deployed' ? place.replace(folder, '') : ''} ${stage} ${which}`.trim();
    });
  }

  // As `provision status` shows it.
  async function running(want: object): Promise<readonly object[]> {
    const { have } = await host.plan(containerLoaded, want);
    const found =
      containerLoaded.observations?.(prepared(containerLoaded, want) as never, have as never) ?? [];
    return found.filter(isService).map(({ kind: _, service: _name, ...more }) => more);
  }

  test('is of a container that runs, or why it does not as it should', async () => {
    const started = expect.stringMatching(/^20.*Z$/);
    expect(await running(args())).toEqual([{ state: 'running', started }]);
    set('presented', made.pem('two'));
    expect(await running(listening())).toEqual([
      {
        state: 'running',
        started,
        trouble: expect.stringMatching(/^port 6514 of s: certificate .*, and not certificate /),
      },
    ]);
    set('started', ago(100));
    expect(await running(args())).toEqual([
      {
        state: 'running',
        started,
        trouble: expect.stringMatching(
          /^s has not read its files: started .*, and should have started after /,
        ),
      },
    ]);
    set('status', 'exited');
    expect(await running(args())).toEqual([
      { state: 'exited', trouble: 's does not run: its container is exited' },
    ]);
    set('ids', '');
    expect(await running(args())).toEqual([{ state: 'no container', trouble: 's has no container' }]);
    set('down', '');
    expect(await running(args())).toEqual([]);
  });

  test('is when its last data went, the disk on which its log lies, and that it has no connection', async () => {
    const link = (sent: string) =>
      `0 0 198.18.0.1:40112 198.18.0.3:6514 cubic rto:204 ${sent}lastrcv:7300 lastack:4`;
    const started = expect.any(String);
    const sends = () => running(args({ sends_to: 6514 }));
    set('links', `${link('lastsnd:90000 ')}\n${link('lastsnd:4200 ')}\n`);
    expect(await sends()).toEqual([{ state: 'running', started, lastData: 4 }]);
    expect(await running(listening())).toEqual([{ state: 'running', started, lastData: 7 }]);
    set('log', `${folder}/no/such`);
    set('links', `${link('')}\n`);
    expect(await sends()).toEqual([{ state: 'running', started, lastData: 0 }]);
    set('log', join(folder, 'id-json.log'));
    expect(await sends()).toEqual([
      {
        state: 'running',
        started,
        lastData: 0,
        disk: { total: expect.any(Number), free: expect.any(Number) },
      },
    ]);
    set('log', '');
    set('links', '');
    const trouble = "s has no connection to port 6514: what containers print waits in Docker's log files";
    expect(await sends()).toEqual([{ state: 'running', started, trouble }]);
    // Without it nothing is known: who serves may have no clients yet.
    expect(await running(listening())).toEqual([{ state: 'running', started }]);
    rmSync(at('links'));
    expect(await sends()).toEqual([{ state: 'running', started }]);
  });

  test('is all of its way: issued, deployed, presented', async () => {
    writeFileSync(join(folder, 'issued.pem'), made.pem('two'));
    expect(await seen({ ...listening(), issued: join(folder, 'issued.pem') })).toEqual([
      'issued another',
      'deployed one',
      'served one',
    ]);
    set('presented', '');
    expect(await seen(listening())).toEqual([
      'deployed one',
      'served port 6514 of s presents no certificate',
    ]);
  });

  test('of a client, what it has read', async () => {
    const want = args({ certificate: join(folder, 'fullchain.pem') });
    expect(await seen(want)).toEqual(['deployed one', 'served one']);
    set('started', ago(100));
    expect((await seen(want))[1]).toMatch(
      /^served s uses an earlier one: it was started 2.*fullchain\.pem changed 2/,
    );
    set('status', 'exited');
    expect((await seen(want))[1]).toBe('served s does not run: exited');
    expect(await seen(args())).toEqual([]);
  });
});
