import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { serviceLoaded } from '../../../../../src/domains/tls-logs/resources/service-loaded.ts';
import { FakeHost } from '../../../../helpers/resources/fake-host.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { prepared } from '../../../../helpers/resources/shell-host.ts';

const fresh = scratch();
const daemons: ChildProcess[] = [];
afterEach(() => {
  for (const daemon of daemons.splice(0)) daemon.kill();
});

// Start times are known to a tick of 10 ms, later by what passes between two looks, which is more on a machine that is busy.
const aWhile = () => sleep(250);

/** A host whose systemd has one service, and files that it may have read. */
class ServiceHost {
  readonly directory = fresh();
  readonly #host: FakeHost;

  constructor(state: 'active' | 'inactive' = 'active', more: Readonly<Record<string, string>> = {}) {
    const fake = join(this.directory, 'fake');
    mkdirSync(fake);
    this.#host = new FakeHost(fake, {
      systemctl: `case "$*" in
*MainPID*--*) echo "MainPID=$(cat "$FAKE/pid")" ;;
esac
case "$*" in
*LoadState*) printf 'LoadState=loaded\\nActiveState=${state}\\nUnitFileState=enabled\\nType=notify\\n' ;;
is-enabled*) echo enabled ;;
esac`,
      ...more,
    });
    this.#host.write('pid', '0');
  }

  start(): void {
    const daemon = spawn('sleep', ['60']);
    daemons.push(daemon);
    this.#host.write('pid', String(daemon.pid));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string): string {
    writeFileSync(this.path(name), '');
    return this.path(name);
  }

  async look(paths: readonly string[]) {
    const want = prepared(serviceLoaded, { service: 'x', paths }) as never;
    // This machine need not be run by systemd.
    const have = (await this.#host.look(serviceLoaded, want, { contents: false }, (script) =>
      script.replaceAll('/run/systemd/system', this.directory),
    )) as never;
    return {
      refused: serviceLoaded.refuse?.(want, have) ?? [],
      changes: serviceLoaded.diff(want, have),
      result: serviceLoaded.result?.(want, have, []) ?? {},
    };
  }
}

/** A daemon started after its file was written, and something that happens then. */
async function afterwards(
  prepare: (host: ServiceHost) => readonly string[],
  act: (host: ServiceHost) => void = () => undefined,
) {
  const host = new ServiceHost();
  const paths = prepare(host);
  host.start();
  await aWhile();
  act(host);
  return { host, ...(await host.look(paths)) };
}

describe('a service has loaded its files', () => {
  test('that were changed before it was started, even right before', async () => {
    const { host, refused, changes, result } = await afterwards((one) => [one.write('conf')]);
    expect([refused, changes]).toEqual([[], []]);
    expect(result.newest).toBe(host.path('conf'));
    const started = Date.parse(String(result.started));
    expect(Math.abs(Date.now() - started)).toBeLessThan(5000);
    expect(started).toBeGreaterThanOrEqual(statSync(host.path('conf')).ctimeMs - 15);
  });

  test('but not what was changed since: one change names the newest file and both times', async () => {
    const { host, changes, result } = await afterwards(
      (one) => [one.write('a'), one.write('b'), one.path('none')],
      (one) => one.write('b'),
    );
    const changed = new Date(statSync(host.path('b')).ctimeMs).toISOString();
    expect(changes).toEqual([
      {
        attribute: 'state',
        from: `started ${result.started}`,
        to: `started after ${host.path('b')}, which changed ${changed}`,
      },
    ]);
  });

  test.each<[string, (host: ServiceHost) => readonly string[], (host: ServiceHost) => void, string]>([
    ['a file below a directory', (one) => [one.path('d')], (one) => one.write('d/in/file'), 'd/in/file'],
    [
      'a file that is gone from a directory',
      (one) => [one.path('d')],
      (one) => rmSync(one.path('d/in/old')),
      'd/in',
    ],
    ['a file of a pattern', (one) => [one.path('d/*/o?d')], (one) => one.write('d/in/old'), 'd/in/old'],
    ['what a link leads to', (one) => [one.path('link')], (one) => one.write('d/in/old'), 'link'],
    [
      'a link that leads to an old file now',
      (one) => [one.path('link')],
      (one) => {
        symlinkSync('d/in/other', one.path('link.new'));
        renameSync(one.path('link.new'), one.path('link'));
      },
      'link',
    ],
    [
      'a link on the way',
      (one) => [one.path('current/old')],
      (one) => {
        symlinkSync('d/other', one.path('current.new'));
        renameSync(one.path('current.new'), one.path('current'));
      },
      'current',
    ],
  ])('%s counts', async (_what, paths, act, newest) => {
    const { host, changes, result } = await afterwards((one) => {
      mkdirSync(one.path('d/in'), { recursive: true });
      mkdirSync(one.path('d/other'));
      for (const name of ['d/in/old', 'd/in/other', 'd/other/old']) one.write(name);
      symlinkSync('d/in/old', one.path('link'));
      symlinkSync('d/in', one.path('current'));
      return paths(one);
    }, act);
    expect(changes).toHaveLength(1);
    expect(result.newest).toBe(host.path(newest));
  });

  test('when they are dated later than the clock of the host', async () => {
    const host = new ServiceHost('active', { date: 'echo 1000000000.5' });
    host.start();
    const { refused, changes, result } = await host.look([host.write('conf')]);
    expect([refused, changes, result.newest]).toEqual([[], [], null]);
  });

  test('a name with a line end and a false date deceives nobody', async () => {
    const { changes } = await afterwards((one) => {
      mkdirSync(one.path('d'));
      return [one.write(`d/x\n${(Date.now() + 30) / 1000} `), one.path('d')];
    });
    expect(changes).toEqual([]);
  });
});

test('a service that does not run is started', async () => {
  const host = new ServiceHost('inactive');
  const { refused, changes } = await host.look([host.write('conf')]);
  expect(refused).toEqual([]);
  expect(changes).toEqual([{ attribute: 'state', from: 'inactive', to: 'started' }]);
});

test.each<[string, (host: ServiceHost) => readonly string[], boolean, RegExp]>([
  [
    'without any of its files',
    (one) => [one.path('no/*'), one.path('none')],
    true,
    /none of the files that x should have read exists.*none$/,
  ],
  ['without a main process', (one) => [one.write('conf')], false, /no main process of x/],
])('%s it is refused', async (_what, paths, starts, reason) => {
  const host = new ServiceHost();
  if (starts) host.start();
  expect((await host.look(paths(host))).refused).toEqual([expect.stringMatching(reason)]);
});

test('what it reads is known to whoever changes it: patterns by the directory in which they begin', () => {
  const want = prepared(serviceLoaded, { service: 'x', paths: ['/etc/x.conf', '/etc/x.d/*.conf'] }) as never;
  expect(serviceLoaded.paths?.(want)).toEqual(['/etc/x.conf', '/etc/x.conf/', '/etc/x.d/']);
});

test('it is restarted as a held step where hosts are named', () => {
  const want = (more: object) => prepared(serviceLoaded, { service: 'x', paths: ['/x'], ...more }) as never;
  const [plain] = serviceLoaded.steps(want({}), [], {} as never);
  expect(plain?.kind).toBe('script');
  const [held] = serviceLoaded.steps(want({ hosts: ['b'], hold: 'h', release: 'r' }), [], {} as never);
  expect(held).toMatchObject({ kind: 'held', hosts: ['b'], hold: 'h', release: 'r' });
});
