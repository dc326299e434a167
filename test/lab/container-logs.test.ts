import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causesIn } from '../../src/domains/containers/trust/tls-causes.ts';
import { Authority } from '../helpers/lab/authority.ts';
import { failures } from '../helpers/lab/certbot-project.ts';
import { ContainerLab, monitor } from '../helpers/lab/container-lab.ts';
import type { Lab } from '../helpers/lab/lab.ts';
import { named } from '../helpers/lab/run-events.ts';

const composeFile = '/srv/logspout/docker-compose.yml';
const marks = `--label com.docker.compose.service=probe --label com.docker.compose.project.working_dir=/srv/logspout`;

describe("the second seed's system, with Docker Engine", () => {
  let site: ContainerLab;
  let lab: Lab;

  beforeAll(async () => {
    site = await ContainerLab.open('containers');
    lab = site.lab;
  });
  afterAll(() => site?.close());

  test('from lines in the clear to lines over TLS by one apply; nothing else in the files changes', async () => {
    const clear = await lab.capture('tcp port 1234');
    await expect
      .poll(() => lab.exec('h3', 'grep -c " h2 " /srv/logstash/out/all.log').then(({ code }) => code))
      .toBe(0);
    expect(await clear.stop()).toContain('app line');
    const before = await lab.sh(
      'h1',
      `cat ${composeFile}; docker inspect -f '{{.State.StartedAt}}' logspout_web_1`,
    );

    const run = await site.apply();
    expect(run.code, failures(run) + run.stderr).toBe(0);
    expect(named(run, 'changed')).toEqual(
      expect.arrayContaining([
        'h1: Logspout sends over TLS',
        'h2: Logspout sends over TLS',
        'h3: The container sees its files',
      ]),
    );
    const wanted = before
      .replace(`syslog+tcp://${monitor}:1234`, `syslog+tls://${monitor}:6514`)
      .replace(
        '=h1\n',
        '=h1\n      - LOGSPOUT_TLS_CA_CERTS=/provision/root.pem\n      - LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS=true\n',
      )
      .replace('docker.sock\n\n', 'docker.sock\n      - /etc/provision/logspout:/provision:ro\n\n');
    // The neighbour was not made anew: it started when it did.
    expect(
      await lab.sh('h1', `cat ${composeFile}; docker inspect -f '{{.State.StartedAt}}' logspout_web_1`),
    ).toBe(wanted);

    const sealed = await lab.capture('tcp port 6514 or tcp port 1234');
    const last = (await site.lines('h1')).at(-1) ?? 0;
    await expect
      .poll(async () => ((await site.lines('h1')).at(-1) ?? 0) > last + 5, { timeout: 5000 })
      .toBe(true);
    expect(await sealed.stop()).not.toContain('app line');
    expect(await lab.sh('h3', "stat -c '%a %u' /etc/provision/logstash/certificates/privkey.pem")).toBe(
      '400 1000\n',
    );
  });

  test('another apply changes nothing', async () => {
    const run = await site.apply();
    expect(run.code, failures(run) + run.stderr).toBe(0);
    expect(named(run, 'changed')).toEqual([]);
  });

  test("certbot's timer renews: Traefik steps aside, Logstash presents the new one, every VM sends again", async () => {
    const old = await site.served();
    const renewal = '/etc/letsencrypt/renewal/h3.lab.conf';
    await lab.sh('h3', `sed -i 's/^# renew_before_expiry.*/renew_before_expiry = 200 days/' ${renewal}`);
    const from = (await site.lines('h2')).at(-1) ?? 0;
    // As if its hour had come: what the timer starts.
    await lab.sh('h3', 'systemctl start certbot.service');
    expect(await site.served()).not.toBe(old);
    expect(await lab.sh('h3', 'cat /var/lib/provision/port-80/traefik.closed')).toMatch(
      /^port 80 was closed for \d+\.\d s\n$/,
    );
    expect(await lab.sh('h3', 'docker inspect -f "{{.State.Status}}" traefik_traefik_1')).toBe('running\n');
    await expect
      .poll(async () => ((await site.lines('h2')).at(-1) ?? 0) > from + 20, { timeout: 15_000 })
      .toBe(true);
    const lines = new Set(await site.lines('h2'));
    const lost = Array.from({ length: Math.max(...lines) - from }, (_, index) => from + 1 + index).filter(
      (n) => !lines.has(n),
    );
    // Its TCP has no acknowledgement: what was on its way when Logstash ended is gone, what comes later waits.
    expect(lost.length).toBeLessThan(20);
  });

  test('the renewal script prints how long port 80 was closed, and proves that each VM sends', async () => {
    const said = await lab.sh('h3', '/usr/local/sbin/provision-logstash-renew --force-renewal 2>/dev/null');
    expect(said).toMatch(/^port 80 was closed for \d+\.\d s$/m);
    for (const address of ['198.18.0.1', '198.18.0.2'])
      expect(said).toContain(`${address} sends again, over TLS`);
  });

  test('a renewal that fails gives port 80 back, and so does the next boot or apply after a crash', async () => {
    const status = 'docker inspect -f "{{.State.Status}}" traefik_traefik_1';
    await lab.sh('h1', "cp /etc/hosts /root/hosts; sed -i 's/^198.18.0.3 /198.18.0.2 /' /etc/hosts");
    const failed = await lab.exec('h3', '/usr/local/sbin/provision-logstash-renew --force-renewal');
    // In place: it may be a mount.
    await lab.sh('h1', 'cat /root/hosts >/etc/hosts');
    expect(failed.code, failed.stdout + failed.stderr).toBe(1);
    expect(await lab.sh('h3', status)).toBe('running\n');
    await lab.sh('h3', '/usr/local/sbin/provision-traefik stop');
    expect(await lab.sh('h3', status)).toBe('exited\n');
    await lab.sh(
      'h3',
      'systemctl is-enabled provision-traefik.service && systemctl start provision-traefik.service',
    );
    expect(await lab.sh('h3', status)).toBe('running\n');
    await lab.sh('h3', '/usr/local/sbin/provision-traefik stop');
    const run = await site.apply('--limit', 'h3');
    expect(run.code, failures(run)).toBe(0);
    expect(named(run, 'changed')).toEqual(['h3: Traefik that an earlier run stopped and did not start']);
    expect(await lab.sh('h3', status)).toBe('running\n');
  });

  describe('each cause of the error, with a real client in a container', () => {
    const trust = (more: object) => ({
      container_trust: {
        project_src: '/srv/logspout',
        service: 'probe',
        server: monitor,
        port: 6514,
        ...more,
      },
    });
    const client = (route: string, options: string) =>
      lab.sh(
        'h2',
        `docker rm -f probe >/dev/null 2>&1; docker run -d --name probe ${marks} --network host -v /etc/provision/logspout:/ca:ro ${options} gliderlabs/logspout:v3.2.14 ${route} >/dev/null; sleep 1; docker logs probe 2>&1`,
      );
    const given = '-e LOGSPOUT_TLS_CA_CERTS=/ca/root.pem';
    const route = `syslog+tls://${monitor}:6514`;

    // What Logstash presents, from a throw-away authority in place of the ACME server's.
    async function present(
      authority: Authority,
      file: 'cert.pem' | 'fullchain.pem',
      ...options: readonly '--expired'[]
    ) {
      const out = join(site.folder.path, 'issued');
      await authority.issue(out, [monitor], ...options);
      for (const [name, as] of [
        [file, 'fullchain.pem'],
        ['privkey.pem', 'privkey.pem'],
      ] as const) {
        const input = await readFile(join(out, name), 'utf8');
        await lab.sh('h3', `cat >/root/${as}`, { input });
      }
      const place = '/etc/provision/logstash/certificates';
      await lab.sh(
        'h3',
        `cat /root/fullchain.pem >${place}/fullchain.pem; openssl pkey -in /root/privkey.pem >${place}/privkey.pem; docker restart -t 1 logstash_logstash_1`,
      );
      await lab.sh('h2', 'cat >/etc/provision/logspout/lab.pem', {
        input: await readFile(authority.root, 'utf8'),
      });
    }

    test.each<[string, string, string, string, object]>([
      ['no root in the image', 'no-roots', route, '', {}],
      ['another root is trusted', 'unknown-authority', route, '-e LOGSPOUT_TLS_CA_CERTS=/ca/other.pem', {}],
      ['a variable that nobody reads', 'no-roots', route, '-e LOGSPOUT_TLS_CA_CERT=/ca/root.pem', {}],
      [
        'a path that is not in the container',
        'wrong-ca-file',
        route,
        '-e LOGSPOUT_TLS_CA_CERTS=/etc/root.pem',
        {},
      ],
      ['another name', 'wrong-name', 'syslog+tls://h3:6514', given, { server: 'h3' }],
      ['an address', 'address-for-name', 'syslog+tls://198.18.0.3:6514', given, { server: '198.18.0.3' }],
      ['the input in the clear', 'plain-server', `syslog+tls://${monitor}:1234`, given, { port: 1234 }],
    ])('%s', async (_title, code, uri, options, more) => {
      const other = await Authority.create(join(site.folder.path, `other-${code}-${options.length}`));
      await lab.sh('h2', 'cat >/etc/provision/logspout/other.pem', {
        input: await readFile(other.root, 'utf8'),
      });
      const said = await client(uri, options);
      expect(
        causesIn(said).map(({ cause }) => cause.code),
        said,
        // Logstash in the clear waits for a line, and so does the client: neither says a word.
      ).toEqual(code === 'plain-server' ? [] : [code]);
      const run = await site.tasks('h2', trust({ ...more, log_seconds: 60 }));
      expect(run.code).toBe(2);
      const [cause] = causesIn(said);
      if (cause) expect(failures(run)).toContain(`: ${cause.cause.fix}`);
      expect(failures(run)).toMatch(
        {
          'no-roots':
            /no root at all in the image|nobody reads the variable LOGSPOUT_TLS_CA_CERT of the container: write LOGSPOUT_TLS_CA_CERTS/,
          'unknown-authority': /the container does not trust CN=Pebble Root CA.*other\.pem/,
          'wrong-ca-file': /the container has no CA file \/etc\/root\.pem: mount the file there/,
          'wrong-name': /the certificate is not for h3; its DNS names: h3\.lab/,
          'address-for-name': /the route names the address/,
          'plain-server': /speaks no TLS/,
        }[code] as RegExp,
      );
    });

    test('with the root all is well, before and afterwards', async () => {
      expect(causesIn(await client(route, given))).toEqual([]);
      const before = { ca_file: '/etc/provision/logspout/root.pem' };
      const run = await site.tasks('h2', trust(before), trust({ log_seconds: 60 }));
      expect(run.code, failures(run)).toBe(0);
    });

    test('the leaf alone, and a certificate that has expired', async () => {
      const authority = await Authority.create(join(site.folder.path, 'authority'));
      await present(authority, 'cert.pem');
      const said = await client(route, '-e LOGSPOUT_TLS_CA_CERTS=/ca/lab.pem');
      // The seed's error, to the letter.
      expect(said).toContain('x509: certificate signed by unknown authority');
      const leafOnly = await site.tasks('h2', trust({ ca_file: '/etc/provision/logspout/lab.pem' }));
      expect(failures(leafOnly)).toContain(
        'presents its certificate alone, without the intermediate that issued it',
      );
      expect(failures(leafOnly)).toContain('let Logstash read fullchain.pem');
      await present(authority, 'fullchain.pem');
      expect(await client(route, '-e LOGSPOUT_TLS_CA_CERTS=/ca/lab.pem')).not.toContain('x509');
      await present(authority, 'fullchain.pem', '--expired');
      const late = await client(route, '-e LOGSPOUT_TLS_CA_CERTS=/ca/lab.pem');
      expect(
        causesIn(late).map(({ cause }) => cause.code),
        late,
      ).toEqual(['clock']);
      const expired = await site.tasks('h2', trust({ ca_file: '/etc/provision/logspout/lab.pem' }));
      expect(failures(expired)).toMatch(/expired on .*: renew it/);
    });
  });

  test("Traefik's acme.json as the source: installed, and again whenever Traefik has got another one", async () => {
    const json = (
      live: string,
    ) => `base=$(base64 -w0 <${live}/fullchain.pem) key=$(openssl pkey -in ${live}/privkey.pem -traditional | base64 -w0)
      printf '{\\n  "le": {\\n    "Account": {"Email": "", "PrivateKey": "AAAA"},\\n    "Certificates": [\\n      {"domain": {"main": "other.lab"}, "certificate": "AAAA", "key": "AAAA"},\\n      {"domain": {"main": "x.lab", "sans": ["h3.lab"]}, "certificate": "%s", "key": "%s", "Store": "default"}\\n    ]\\n  }\\n}\\n' "$base" "$key" >/srv/traefik/acme.json.new && cat /srv/traefik/acme.json.new >/srv/traefik/acme.json`;
    await lab.sh('h3', json('/etc/letsencrypt/live/h3.lab'));
    const more = ['--limit', 'h3', '-e', 'logstash_acme_json=/srv/traefik/acme.json'];
    const run = await site.apply(...more);
    expect(run.code, failures(run)).toBe(0);
    expect(named(await site.apply(...more), 'changed')).toEqual([]);
    const old = await site.served();
    await lab.sh(
      'h3',
      'REQUESTS_CA_BUNDLE=/etc/letsencrypt/provision/roots.pem certbot renew --force-renewal --no-random-sleep-on-renew --no-directory-hooks --deploy-hook true >/dev/null 2>&1 || true',
    );
    await lab.sh('h3', json('/etc/letsencrypt/live/h3.lab'));
    await expect.poll(() => site.served(), { timeout: 15_000, interval: 500 }).not.toBe(old);
  });
});
