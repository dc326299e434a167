import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causesIn } from '../../src/domains/containers/trust/tls-causes.ts';
import type { ShownCertificate } from '../../src/domains/tls-logs/commands/certs/certs-document.ts';
import type { ProvenClient } from '../../src/domains/tls-logs/commands/verify/verify-document.ts';
import { Authority } from '../helpers/lab/authority.ts';
import { bases } from '../helpers/lab/bases.ts';
import { failures } from '../helpers/lab/certbot-project.ts';
import { ContainerLab, monitor } from '../helpers/lab/container-lab.ts';
import { falseListeners, startFalseListeners } from '../helpers/lab/false-listeners.ts';
import type { Lab } from '../helpers/lab/lab.ts';
import { type EventRun, named, taskResults } from '../helpers/lab/run-events.ts';

const composeFile = '/srv/logspout/docker-compose.yml';

describe.each(bases('bookworm'))("the second seed's system, with Docker Engine on %s", (base) => {
  let site: ContainerLab;
  let lab: Lab;
  const web = () => site.container('logspout', 'web');
  const traefik = () => `docker inspect -f "{{.State.Status}}" ${site.container('traefik', 'traefik')}`;

  beforeAll(async () => {
    site = await ContainerLab.open('containers', base);
    lab = site.lab;
  });
  afterAll(() => site?.close());

  test('from lines in the clear to lines over TLS by one apply; nothing else in the files changes', async () => {
    await expect
      .poll(() => site.lines('h2').then(({ length }) => length), { timeout: 15_000 })
      .toBeGreaterThan(1);
    const clear = await lab.capture('tcp port 1234');
    await site.further('h2');
    expect(await clear.stop()).toContain('app line');
    const before = await lab.sh(
      'h1',
      `cat ${composeFile}; docker inspect -f '{{.State.StartedAt}}' ${web()}`,
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
        '=h1\n      - LOGSPOUT_TLS_CA_CERTS=/provision/root.pem\n      - LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS=true\n      - RETRY_COUNT=13\n',
      )
      .replace('docker.sock\n\n', 'docker.sock\n      - /etc/provision/logspout:/provision:ro\n\n');
    // The neighbour was not made anew: it started when it did.
    expect(await lab.sh('h1', `cat ${composeFile}; docker inspect -f '{{.State.StartedAt}}' ${web()}`)).toBe(
      wanted,
    );

    const sealed = await lab.capture('tcp port 6514 or tcp port 1234');
    await site.further('h1');
    expect(await sealed.stop()).not.toContain('app line');
    // The route lies in a second file there, which `.env` names; each file has what is its own.
    const project = await lab.sh('h2', 'cd /srv/logspout && cat logs.yml docker-compose.yml');
    expect(project).toContain(`  logspout: {command: ["syslog+tls://${monitor}:6514"]}   # in the clear!\n`);
    expect(project).toContain('      - SYSLOG_HOSTNAME=${VM_NAME}\n      - LOGSPOUT_TLS_CA_CERTS=');
    expect(await lab.sh('h3', "stat -c '%a %u' /etc/provision/logstash/certificates/privkey.pem")).toBe(
      '400 1000\n',
    );
  });

  test('another apply changes nothing', async () => {
    const run = await site.apply();
    expect(run.code, failures(run) + run.stderr).toBe(0);
    expect(named(run, 'changed')).toEqual([]);
  });

  test('provision certs, verify and status show them as they show those of hosts', async () => {
    const [certs, verify, status] = await Promise.all([
      site.look('certs'),
      site.look('verify'),
      site.look('status'),
    ]);
    expect(status).toExitWith(0);
    const runs = (host: string, service: string) =>
      expect.objectContaining({
        host,
        service,
        state: 'running',
        runsFor: expect.any(Number),
        lastData: expect.any(Number),
        disk: { total: expect.any(Number), free: expect.any(Number) },
      });
    expect(JSON.parse(status.stdout).services).toEqual([
      runs('h1', 'logspout'),
      runs('h2', 'logspout'),
      runs('h3', 'logstash'),
    ]);
    expect(certs).toExitWith(0);
    expect(JSON.parse(certs.stdout).certificates).toEqual([
      expect.objectContaining({
        host: 'h3',
        place: '/etc/provision/logstash/certificates',
        names: [monitor],
        equal: true,
        stages: { issued: expect.anything(), deployed: expect.anything(), served: expect.anything() },
      }),
    ]);
    expect(verify).toExitWith(0);
    const row = (host: string) =>
      expect.objectContaining({ host, server: 'h3', arrived: true, resource: 'container_line' });
    expect(JSON.parse(verify.stdout).clients).toEqual([row('h1'), row('h2')]);
  });

  test("certbot's timer renews at 200 lines a second: Traefik steps aside, every VM sends again, few lines are lost", async () => {
    const old = await site.served();
    const renewal = '/etc/letsencrypt/renewal/h3.lab.conf';
    await lab.sh('h3', `sed -i 's/^# renew_before_expiry.*/renew_before_expiry = 200 days/' ${renewal}`);
    const counts = await site.counting();
    // As if its hour had come: what the timer starts.
    await lab.sh('h3', 'systemctl start certbot.service');
    expect(await site.served()).not.toBe(old);
    expect(await lab.sh('h3', 'cat /var/lib/provision/port-80/traefik.closed')).toMatch(
      /^port 80 was closed for \d+\.\d s\n$/,
    );
    expect(await lab.sh('h3', traefik())).toBe('running\n');
    // Its TCP has no acknowledgement: what was on its way when Logstash ended is gone, what comes later waits, and nothing comes twice.
    for (const { lost, doubled } of await counts('a renewal')) {
      expect(lost).toBeLessThan(200);
      expect(doubled).toBe(0);
    }
  });

  test('the renewal script prints how long port 80 was closed, and proves that each VM sends', async () => {
    const said = await lab.sh('h3', '/usr/local/sbin/provision-logstash-renew --force-renewal 2>/dev/null');
    expect(said).toMatch(/^port 80 was closed for \d+\.\d s$/m);
    for (const address of ['198.18.0.1', '198.18.0.2'])
      expect(said).toContain(`${address} sends again, over TLS`);
  });

  test('a renewal that fails gives port 80 back, and so does the next boot or apply after a crash', async () => {
    const status = traefik();
    // The authority asks on port 80, where nobody answers it: certbot listens elsewhere.
    const failed = await lab.exec(
      'h3',
      '/usr/local/sbin/provision-logstash-renew --force-renewal --http-01-port 81',
    );
    expect(failed).toExitWith(1);
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
    // Each serves a page of its own, as Logspout does: they share the host's network. Logspout itself ends where it finds no Docker.
    const socket = process.env.LAB_LOGSPOUT ? '-v /var/run/docker.sock:/var/run/docker.sock' : '';
    const start = (n: number, route: string, options: string) =>
      `docker run -d --name probe${n} -e PORT=${7200 + n} --label com.docker.compose.service=probe${n} --label com.docker.compose.project.working_dir=/srv/logspout --network host -v /root/ca:/ca:ro ${socket} ${options} gliderlabs/logspout:v3.2.14 ${route} >/dev/null`;
    const given = '-e LOGSPOUT_TLS_CA_CERTS=/ca/root.pem';
    const route = `syslog+tls://${monitor}:6514`;
    // What the other Logstash presents is of another authority.
    const other = ({ port }: { readonly port: number }) =>
      [
        `syslog+tls://${monitor}:${port}`,
        '-e LOGSPOUT_TLS_CA_CERTS=/ca/lab.pem',
        { port, ca_file: '/root/ca/lab.pem' },
      ] as const;

    // A row: what the log says, how the client is started, what the look afterwards says.
    const rows: readonly (readonly [string, string, string, string, object, RegExp])[] = [
      ['no root in the image', 'no-roots', route, '', {}, /no root at all in the image/],
      [
        'another root is trusted',
        'unknown-authority',
        route,
        '-e LOGSPOUT_TLS_CA_CERTS=/ca/other.pem',
        {},
        /the container does not trust CN=Pebble Root CA.*other\.pem/,
      ],
      [
        'a variable that nobody reads',
        'no-roots',
        route,
        '-e LOGSPOUT_TLS_CA_CERT=/ca/root.pem',
        {},
        /nobody reads the variable LOGSPOUT_TLS_CA_CERT of the container: write LOGSPOUT_TLS_CA_CERTS/,
      ],
      [
        'a path that is not in the container',
        'wrong-ca-file',
        route,
        '-e LOGSPOUT_TLS_CA_CERTS=/etc/root.pem',
        {},
        /the container has no CA file \/etc\/root\.pem: mount the file there/,
      ],
      [
        'another name',
        'wrong-name',
        'syslog+tls://h3:6514',
        given,
        { server: 'h3' },
        /the certificate is not for h3; its DNS names: h3\.lab/,
      ],
      [
        'an address',
        'address-for-name',
        'syslog+tls://198.18.0.3:6514',
        given,
        { server: '198.18.0.3' },
        /the route names the address/,
      ],
      ['the input in the clear', '', `syslog+tls://${monitor}:1234`, given, { port: 1234 }, /speaks no TLS/],
      [
        'nobody listens',
        'unreachable',
        `syslog+tls://${monitor}:7000`,
        given,
        { port: 7000 },
        /nothing answers at h3\.lab:7000/,
      ],
      [
        'a name that is not known',
        'no-such-host',
        'syslog+tls://nowhere.lab:6514',
        given,
        { server: 'nowhere.lab' },
        /the container's log says .*lookup nowhere\.lab/,
      ],
      [
        'a key that is not of the certificate',
        'key-mismatch',
        route,
        `${given} -e LOGSPOUT_TLS_CLIENT_CERT=/ca/root.pem -e LOGSPOUT_TLS_CLIENT_KEY=/ca/other.key`,
        {},
        /the client certificate and its key do not belong together/,
      ],
      ['with the root all is well', '', route, given, {}, /^$/],
      [
        // The seed's error, to the letter.
        'the leaf alone',
        'unknown-authority',
        ...other(falseListeners.leafAlone),
        /presents its certificate alone, without the intermediate that issued it.*let Logstash read fullchain\.pem.*x509: certificate signed by unknown authority/s,
      ],
      ['with the intermediate', '', ...other(falseListeners.well), /^$/],
      ['out of date', 'clock', ...other(falseListeners.expired), /expired on .*: renew it/],
      ['too early', 'clock', ...other(falseListeners.early), /is not valid before .*clock/],
      ['for clients', 'wrong-purpose', ...other(falseListeners.forClients), /server/],
    ];
    // Both VMs have such clients, and are looked at at once: on h1 the one that waits ten seconds for an answer, and few others.
    const hostOf = (n: number) => (n % 4 === 2 ? 'h1' : 'h2');
    const logs = new Map<number, string>();
    let looked: EventRun;

    beforeAll(async () => {
      const unknown = await Authority.create(join(site.folder.path, 'other'));
      const authority = await Authority.create(join(site.folder.path, 'authority'));
      await startFalseListeners(site, authority);
      const look = async (host: string) => {
        for (const [name, { root }] of [
          ['other', unknown],
          ['lab', authority],
        ] as const) {
          const input = await readFile(root, 'utf8');
          await lab.sh(host, `mkdir -p /root/ca; cat >/root/ca/${name}.pem`, { input });
        }
        const mine = [...rows.entries()].filter(([n]) => hostOf(n) === host);
        // Each says its word, or sends; a name that nobody knows takes as long as the container's resolver does.
        const wordy = mine.flatMap(([n, [, code]]) => (code === '' ? [] : [`probe${n}`]));
        const said = wordy.map((one) => `[ -n "$(docker logs ${one} 2>&1)" ]`).join(' && ');
        await lab.sh(
          host,
          `cd /root/ca; cp /etc/provision/logspout/root.pem .; openssl genpkey -algorithm ED25519 >other.key
          ${mine.map(([n, [, , uri, options]]) => start(n, uri, options)).join('\n')}
          sleep 2; n=0; until { ${said}; } || [ $n -gt 100 ]; do sleep 0.2; n=$((n + 1)); done`,
        );
        for (const [n] of mine) logs.set(n, await lab.sh(host, `docker logs probe${n} 2>&1`));
      };
      await Promise.all([look('h1'), look('h2')]);
      looked = await site.tasks(
        ...rows.map(([name, , , , more], n) => ({
          name,
          ignore_errors: true,
          when: `inventory_hostname == '${hostOf(n)}'`,
          container_trust: {
            project_src: '/srv/logspout',
            service: `probe${n}`,
            server: monitor,
            port: 6514,
            log_seconds: 300,
            ...more,
          },
        })),
      );
      await Promise.all(
        ['h1', 'h2'].map((host) =>
          lab.sh(host, 'docker ps -aqf name=^/probe | xargs docker rm -f >/dev/null'),
        ),
      );
      await lab.sh('h3', 'docker rm -f false >/dev/null');
    });

    test.each(rows.map((row, n) => [...row, n] as const))(
      '%s',
      (name, code, _uri, _options, _more, says, n) => {
        const log = logs.get(n) ?? '';
        const causes = causesIn(log);
        expect(
          causes.map(({ cause }) => cause.code),
          log,
          // Logstash in the clear waits for a line, and so does the client: neither says a word.
        ).toEqual(code === '' ? [] : [code]);
        const result = taskResults(looked).find((one) => one.name === name && one.host === hostOf(n));
        const message = result?.message ?? '';
        expect(message).toMatch(says);
        expect(result?.status).toBe(says.source === '^$' ? 'ok' : 'failed');
        for (const { cause } of causes) expect(message).toContain(`: ${cause.fix}`);
      },
    );
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
    // The one that certbot had before is another one that all clients believe.
    await lab.sh(
      'h3',
      'mkdir /root/before && for one in fullchain privkey; do cp "/etc/letsencrypt/archive/h3.lab/${one}2.pem" "/root/before/$one.pem"; done',
    );
    await lab.sh('h3', json('/root/before'));
    await expect.poll(() => site.served(), { timeout: 15_000, interval: 500 }).not.toBe(old);
  });

  describe('client certificates of the private CA', () => {
    const given = () => ['-e', `container_logs_private_ca=${join(site.folder.path, 'ca')}`];
    const asks = () =>
      lab.sh(
        'h3',
        "sed -n 's/.*ssl_client_authentication => //p' /srv/logstash/pipeline/10-provision-tls.conf",
      );
    const trusted = () =>
      lab.sh(
        'h3',
        'openssl crl2pkcs7 -nocrl -certfile /etc/provision/logstash/certificates/client-ca.pem | openssl pkcs7 -print_certs -noout | grep -c subject',
      );

    test('each VM gets its own while lines go on; then nobody else is let in, and another apply changes nothing', async () => {
      // The restarts of the tests before have had them wait.
      for (const host of ['h1', 'h2']) await site.further(host);
      const counts = await site.counting();
      const run = await site.apply(...given());
      expect(run.code, failures(run) + run.stderr).toBe(0);
      expect(named(run, 'changed')).toEqual(
        expect.arrayContaining([
          'h1: Certificate that it shows, its key made here',
          'h2: Certificate that it shows, its key made here',
          'h3: TLS input, and the output of lines of proof',
        ]),
      );
      expect(await asks()).toBe('"required"\n');
      // What is printed while Logspout itself is made anew is lost, or comes twice.
      for (const { lost } of await counts('new client certificates')) expect(lost).toBeLessThan(1000);
      expect(named(await site.apply(...given()), 'changed')).toEqual([]);
      // A client without one: refused, which its log shows only as connections that end, and not a line of it is stored.
      const said = await lab.sh(
        'h2',
        `docker run -d --name probe --label com.docker.compose.service=probe --label com.docker.compose.project.working_dir=/srv/logspout --network host -v /etc/provision/logspout:/ca:ro -v /var/run/docker.sock:/var/run/docker.sock -e PORT=7200 -e SYSLOG_HOSTNAME=stranger -e LOGSPOUT_TLS_CA_CERTS=/ca/root.pem -e RETRY_COUNT=1 gliderlabs/logspout:v3.2.14 syslog+tls://${monitor}:6514 >/dev/null
        n=0; until [ "$(docker logs probe 2>&1 | grep -c write:)" -gt 3 ] || [ "$n" = 100 ]; do n=$((n + 1)); sleep 0.1; done; docker logs probe 2>&1; docker rm -f probe >/dev/null`,
      );
      expect(
        causesIn(said).map(({ cause }) => cause.code),
        said,
      ).toEqual(['closed-by-server']);
      expect(await lab.sh('h3', 'grep -ac " stranger " /srv/logstash/out/all.log || true')).toBe('0\n');
    });

    test('a new CA: Logstash trusts both until every VM shows the new one, and only that one then', async () => {
      const before = await lab.sh('h1', 'readlink /etc/provision/logspout-client/current');
      const counts = await site.counting();
      const renewed = await lab.provision(['ca', 'renew', '-d', join(site.folder.path, 'ca')]);
      expect(renewed).toExitWith(0);
      const run = await site.apply(...given());
      expect(run.code, failures(run) + run.stderr).toBe(0);
      expect(await lab.sh('h1', 'readlink /etc/provision/logspout-client/current')).not.toBe(before);
      expect(await trusted()).toBe('1\n');
      for (const { lost } of await counts('a new CA')) expect(lost).toBeLessThan(1000);
      const certs = await site.look('certs', ...given());
      expect(certs).toExitWith(0);
      expect(
        JSON.parse(certs.stdout).certificates.flatMap((one: ShownCertificate) =>
          one.equal && one.stages.served ? [one.host] : [],
        ),
      ).toEqual(['h1', 'h2', 'h3']);
    });
  });

  test('the same playbook points Logspout at the rsyslog server of home-lab.yml; all lines are proven', async () => {
    const run = await site.applyMixed();
    expect(run.code, failures(run) + run.stderr).toBe(0);
    expect(await lab.sh('h3', `grep -ac " ${web()}.*app line" /var/log/remote/h2/syslog.log`)).not.toBe(
      '0\n',
    );
    const verify = await site.look('verify', 'mixed.yml');
    expect(verify).toExitWith(0);
    expect(
      JSON.parse(verify.stdout)
        .clients.map((one: ProvenClient) => `${one.host} ${one.resource} ${one.arrived}`)
        .toSorted(),
    ).toEqual(['h1 container_line true', 'h1 log_line true', 'h2 container_line true', 'h2 log_line true']);
  });
});
