import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { heldRestart } from '../../../../../src/domains/tls-logs/resources/held-restart.ts';
import type { UnitState } from '../../../../../src/resources/units/unit-state.ts';
import { FakeHost } from '../../../../helpers/resources/fake-host.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { prepared } from '../../../../helpers/resources/shell-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';
import { freePort, TlsServers } from '../../../../helpers/tls-logs/tls-servers.ts';

const fresh = scratch();
const made = new OpensslAuthority();
beforeAll(() => {
  made.root('one', 'subjectAltName=DNS:log.example.com');
  made.root('two', 'subjectAltName=DNS:log.example.com');
});
afterAll(() => made.remove());
const servers = new TlsServers(made.directory);
afterEach(() => servers.close());

const unit = (properties: Record<string, string> = {}): UnitState => ({
  systemd: true,
  init: 'systemd',
  properties: new Map(Object.entries({ LoadState: 'loaded', ActiveState: 'active', ...properties })),
  enablement: 'enabled',
  needsReload: false,
});

const want = (more: object = {}) => prepared(heldRestart, { service: 'x', ...more }) as never;

function scriptOf(more: object): string {
  const [step] = heldRestart.steps(want(more), [], unit());
  return step && 'script' in step ? step.script : '';
}

// A systemctl whose service is in this state after a restart, and an ss that prints one line less each time.
function host(state = 'active', restart = ':'): FakeHost {
  const fake = new FakeHost(fresh(), {
    systemctl: `case "$*" in
restart*) ${restart} ;;
*is-active*) [ ${state} = active ] ;;
*Type*) printf 'Type=notify\\nActiveState=${state}\\n' ;;
*ActiveState*) printf 'ActiveState=${state}\\nSubState=dead\\nResult=exit-code\\n' ;;
esac`,
    ss: `cat "$FAKE/peers" && sed -i 1d "$FAKE/peers"`,
    journalctl: `echo 'error: the key cannot be read'; echo 'all is well'`,
  });
  fake.write('peers', '');
  return fake;
}

const acts = (fake: FakeHost) => fake.calls().map((call) => call.replace(/\].*/, ']'));
const peers = (count: number) =>
  Array.from({ length: count }, (_, n) => `0 0 10.0.0.1:6514 10.0.0.${n + 2}:40000\n`).join('');

describe('a held restart', () => {
  test('is planned each time, with the hosts that are held', () => {
    const args = want({ hosts: ['b', 'c'], hold: 'h', release: 'r' });
    expect(heldRestart.diff(args, unit())).toEqual([
      { attribute: 'state', from: 'active', to: 'restarted' },
      { attribute: 'held meanwhile', to: 'b, c' },
    ]);
    expect(heldRestart.repeats?.(args)).toBe(true);
    expect(heldRestart.steps(args, [], unit())[0]).toMatchObject({ kind: 'held', hosts: ['b', 'c'] });
    expect(heldRestart.steps(want(), [], unit())[0]?.kind).toBe('script');
  });

  test.each([
    [{ hosts: ['b'], hold: 'h' }, unit(), /release has no sh code/],
    [{ hosts: ['b'], hold: ' ', release: 'r' }, unit(), /held \(b\), but hold has no sh code/],
    [{}, unit({ LoadState: 'not-found' }), /no unit x\.service/],
  ])('%j is refused', (more, have, reason) => {
    expect(heldRestart.refuse?.(want(more), have).join()).toMatch(reason);
  });

  test.each([
    [{ certificate: '/x' }, /port/],
    [{ certificate: 'x', port: 1 }, /certificate/],
    [{ service: 'a b' }, /service/],
  ])('%j is refused when the playbook is read', (more, reason) => {
    expect(() => want(more)).toThrow(reason);
  });

  test('restarts once the connections have ended', async () => {
    const fake = host();
    fake.write('peers', peers(2));
    const { code, stdout, stderr } = await fake.run(scriptOf({ port: 6514 }));
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    expect(acts(fake).slice(0, 4)).toEqual(['ss [-Htn]', 'ss [-Htn]', 'ss [-Htn]', 'systemctl [restart]']);
  });

  test.each([
    ['for ever', 1, 'provision_unheld=0\n'],
    ['for hosts that could not be held', 300, 'provision_unheld=1\n'],
    ['where none is held', 300, ''],
  ])('does not wait %s, and shows who is still connected', async (_what, drain, before) => {
    const fake = host();
    fake.write('peers', peers(40));
    const { code, stderr } = await fake.run(`${before}${scriptOf({ port: 6514, drain })}`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^still connected to port 6514 after 1 s: 10\.0\.0\.\d+:40000 /);
    expect(acts(fake)).toContain('systemctl [restart]');
  });

  test('says that it cannot look without ss', async () => {
    const fake = host();
    const { code, stderr } = await fake.run(`command() { return 1; }\n${scriptOf({ port: 6514 })}`);
    expect([code, stderr]).toEqual([
      0,
      'ss is missing on this host: it is not known whether connections to port 6514 have ended\n',
    ]);
  });

  test.each([
    ['that is refused', 'active', 'echo refused >&2; exit 1', 'refused\n'],
    ['after which the service does not stay up', 'failed', ':', ''],
  ])('%s fails with the state of the unit and the important lines', async (_what, state, restart, said) => {
    const { code, stderr } = await host(state, restart).run(scriptOf({}));
    expect([code, stderr]).toEqual([
      1,
      `${said}x.service: ActiveState=${state} SubState=dead Result=exit-code\nerror: the key cannot be read\n`,
    ]);
  });

  test('waits until the port serves the certificate, and shows what it serves instead', async () => {
    const certificate = join(fresh(), 'fullchain.pem');
    copyFileSync(join(made.directory, 'one.pem'), certificate);
    const wish = { port: await freePort(), certificate, timeout: 1 };
    await servers.listen(wish.port, 'one');
    const good = await host().run(scriptOf(wish));
    expect([good.code, good.stderr]).toEqual([0, '']);
    copyFileSync(join(made.directory, 'two.pem'), certificate);
    const other = await host().run(scriptOf(wish));
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^port \d+ serves another certificate than the deployed one: \S+ instead of \S+\nx\.service: /,
      ),
    ]);
    writeFileSync(certificate, '');
    const none = await host().run(`command() { return 1; }\n${scriptOf(wish)}`);
    // The reason first: of a long text the first line and the end are shown.
    expect(none.stderr).toMatch(
      /^there is no certificate .*\nx\.service: (?:.*\n)*ss is missing on this host: .*\n$/,
    );
  });
});
