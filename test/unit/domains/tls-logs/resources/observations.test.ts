import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificatePlace } from '../../../../../src/domains/tls-logs/certificates/certificate-place.ts';
import { deployedCertificate } from '../../../../../src/domains/tls-logs/resources/deployed-certificate.ts';
import {
  loadableProbe,
  loadedCertificates,
  type ServiceFiles,
} from '../../../../../src/domains/tls-logs/resources/restarts/loaded-certificates.ts';
import { tlsListener } from '../../../../../src/domains/tls-logs/resources/tls-listener.ts';
import { putPrelude } from '../../../../../src/shell/put.ts';
import { answers } from '../../../../helpers/probes/probe-host.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';
import { seenCertificates } from '../../../../helpers/tls-logs/seen-certificates.ts';
import { freePort, TlsServers } from '../../../../helpers/tls-logs/tls-servers.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const servers = new TlsServers(made.directory);

beforeAll(() => {
  for (const name of ['one', 'two']) made.root(name, 'subjectAltName=DNS:log.example.com');
});
afterEach(() => servers.close());
afterAll(() => made.remove());

/** Lays a pair into a directory, as `fullchain.pem` and `privkey.pem`. */
function lay(directory: string, name: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'fullchain.pem'), made.pem(name));
  writeFileSync(join(directory, 'privkey.pem'), readFileSync(join(made.directory, `${name}.key`)), {
    mode: 0o600,
  });
}

/** What a resource reported, its chains as the names of certificates. */
function named(observed: ReturnType<typeof seenCertificates>) {
  const nameOf = (chain: string) => ['one', 'two'].find((name) => made.pem(name).trim() === chain.trim());
  return observed.map(({ chain, ...rest }) => ({ ...rest, ...(chain && { chain: nameOf(chain) }) }));
}

describe('certificatePlace', () => {
  it.each([
    ['/tls/own/current/fullchain.pem', '/tls/own'],
    ['/tls/own/current', '/tls/own'],
    ['/etc/letsencrypt/live/log.example.com/fullchain.pem', '/etc/letsencrypt/live/log.example.com'],
    ['/etc/ssl/log.pem', '/etc/ssl/log.pem'],
  ])('%s is %s', (path, place) => {
    expect(certificatePlace(path)).toBe(place);
  });
});

describe('deployed_certificate', () => {
  it('sees what is issued, and what is in use', async () => {
    const directory = fresh();
    const live = join(directory, 'live');
    const dest = join(directory, 'own');
    const want = { dest, certificate: join(live, 'fullchain.pem'), key: join(live, 'privkey.pem') };
    const host = new CertificateHost();
    const seen = async () => {
      return named(seenCertificates(deployedCertificate, await host.plan(deployedCertificate, want)));
    };
    expect(await seen()).toEqual([
      { place: dest, stage: 'issued' },
      { place: dest, stage: 'deployed' },
    ]);
    lay(live, 'one');
    expect(await seen()).toEqual([
      { place: dest, stage: 'issued', chain: 'one' },
      { place: dest, stage: 'deployed' },
    ]);
    await host.apply(deployedCertificate, want);
    lay(live, 'two');
    const both = [
      { place: dest, stage: 'issued', chain: 'two' },
      { place: dest, stage: 'deployed', chain: 'one' },
    ];
    expect(await seen()).toEqual(both);
    await host.apply(deployedCertificate, { ...want, activate: false });
    expect(await seen()).toEqual(both);
  });
});

describe('tls_listener', () => {
  const host = new ShellHost(undefined, {}, `${putPrelude}\nsystemctl() { :; }`);

  it('sees what the port serves beside what is deployed, or why there is nothing', async () => {
    const own = join(fresh(), 'own/current');
    lay(own, 'one');
    const want = { port: await freePort(), certificate: join(own, 'fullchain.pem'), service: 'x' };
    const place = certificatePlace(own);
    const seen = async () => {
      return named(seenCertificates(tlsListener, await host.plan(tlsListener, want)));
    };
    const deployed = { place, stage: 'deployed', chain: 'one' };
    const trouble = `nothing listens on port ${want.port}`;
    expect(await seen()).toEqual([deployed, { place, stage: 'served', trouble }]);
    await servers.listen(want.port, 'two');
    const [, served] = await seen();
    expect(served).toMatchObject({ place, stage: 'served', chain: 'two' });
    expect(served?.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });
});

describe('what a service has loaded', () => {
  const host = new ShellHost();
  const look = async (files: ServiceFiles) => {
    const probe = loadableProbe(files);
    return probe.read(await answers(host, probe.asks));
  };

  it('are the certificates among its files, with the time of their last change', async () => {
    const own = join(fresh(), "own it's");
    lay(join(own, 'first'), 'one');
    symlinkSync('first', join(own, 'current'));
    const files = { paths: [`${own}/current`, `${own}/*.pem`, '/etc/daemon.conf', `${own}/none`] };
    const [first, ...more] = await look(files);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ place: own, chain: made.pem('one') });
    await sleep(30);
    lay(join(own, 'second'), 'two');
    rmSync(join(own, 'current'));
    symlinkSync('second', join(own, 'current'));
    const [second] = await look(files);
    expect(second?.chain).toBe(made.pem('two'));
    expect(second?.changed).toBeGreaterThan(first?.changed ?? Number.POSITIVE_INFINITY);
  });

  it('those that it reads anew have no time', async () => {
    const own = join(fresh(), 'own');
    lay(own, 'one');
    const found = await look({ paths: ['/etc/daemon.conf'], read_anew: [`${own}/fullchain.pem`] });
    expect(found).toEqual([{ place: own, chain: made.pem('one'), changed: undefined }]);
  });

  it.each([
    ['changed before the start', 100, 99, { chain: 'chain' }],
    ['read anew', 100, undefined, { chain: 'chain' }],
    [
      'changed after the start',
      100,
      200,
      {
        trouble:
          'x uses an earlier one: it was started 1970-01-01T00:01:40Z, and this was put there 1970-01-01T00:03:20Z',
      },
    ],
    ['no start', undefined, 99, { trouble: 'x does not run' }],
  ])('%s', (_what, started, changed, shown) => {
    const observed = loadedCertificates('x', started, [{ place: '/own', chain: 'chain', changed }]);
    expect(observed).toEqual([{ kind: 'certificate', place: '/own', stage: 'served', ...shown }]);
  });
});
