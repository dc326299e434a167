import { copyFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AcmeServer } from './acme-server.ts';
import { containerPackagesOn } from './container-packages.ts';
import { type Base, Lab } from './lab.ts';
import { PlaybookFolder } from './playbook-folder.ts';
import type { CommandResult } from './process.ts';
import { morePackages } from './repository-packages.ts';
import { type EventRun, readEvents } from './run-events.ts';

const scripts = join(import.meta.dirname, '../../lab/containers');
// With cgo Debian 12's Go has its library made already: half a second of processor time in place of seven. It links libc, see host.sh.
const build = (base: Base) =>
  `cd /root/s && GOCACHE=/root/c GO111MODULE=off CGO_ENABLED=${base === 'trixie' ? 0 : 1} go build -ldflags "-s -w" -o /root/stand-in .`;

/** The monitoring host's name, in the certificate and in routes. */
export const monitor = 'h3.lab';

/** Two VMs (h1, h2) and a monitoring host (h3) as the seed has them: lines in the clear, Traefik on port 80; an ACME server on h1. */
export class ContainerLab {
  readonly lab: Lab;
  readonly folder: PlaybookFolder;
  readonly acme: AcmeServer;

  readonly #base: Base;

  private constructor(lab: Lab, folder: PlaybookFolder, acme: AcmeServer, base: Base) {
    this.lab = lab;
    this.folder = folder;
    this.acme = acme;
    this.#base = base;
  }

  static async open(name: string, base: Base): Promise<ContainerLab> {
    const lab = await Lab.up(3, base, name, morePackages, containerPackagesOn(base));
    try {
      await lab.sh('h3', 'mkdir -p /root/s && cat >/root/s/main.go', {
        input: await readFile(join(scripts, 'stand-in.go'), 'utf8'),
      });
      const folder = await PlaybookFolder.open(lab, ['h1', 'h2', 'h3']);
      const [acme] = await Promise.all([AcmeServer.start(lab, 'h1', folder.path), lab.sh('h3', build(base))]);
      const setUp = await readFile(join(scripts, 'host.sh'), 'utf8');
      const at = (host: string) => join(lab.folder, 'hosts', host, 'root/root/stand-in');
      for (const host of ['h1', 'h2']) {
        await copyFile(at('h3'), at(host));
        const real = process.env.LAB_LOGSPOUT;
        if (real) await copyFile(real, join(dirname(at(host)), 'logspout'));
      }
      await Promise.all(
        ['h1', 'h2', 'h3'].map((host) =>
          lab.sh(host, `sh -s ${host === 'h3' ? 'monitor' : 'vm'} ${monitor}`, { input: setUp }),
        ),
      );
      await Promise.all(
        ['h1', 'h2'].map((host) => lab.sh(host, 'cd /srv/logspout && docker-compose up -d 2>/dev/null')),
      );
      const made = new ContainerLab(lab, folder, acme, base);
      await folder.write('root.pem', await acme.root());
      await folder.write('site.yml', made.#playbook());
      return made;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  /** What Compose calls the container of a service: Debian 13 has Compose 2. */
  container(project: string, service: string): string {
    return [project, service, '1'].join(this.#base === 'trixie' ? '-' : '_');
  }

  /** The root that the certificates of the ACME server lead to, on the control machine. */
  get root(): string {
    return join(this.folder.path, 'root.pem');
  }

  /** Applies playbooks/container-logs.yml, as it would be with this lab's names. */
  async apply(...args: readonly string[]): Promise<EventRun> {
    const path = join(this.folder.path, 'site.yml');
    return readEvents(await this.lab.provision(['apply', path, '--json', ...args]));
  }

  /** Runs tasks on both VMs at once, each on its own: `{when: "inventory_hostname == 'h1'"}`. */
  async tasks(...tasks: readonly object[]): Promise<EventRun> {
    const play = [{ hosts: 'h1,h2', gather_facts: false, tasks }];
    await this.folder.write('tasks.yml', JSON.stringify(play));
    return readEvents(await this.folder.apply('tasks.yml', '--json'));
  }

  /** The same playbook, with the rsyslog server of home-lab.yml on h3 in place of Logstash; its certificate is the private CA's. */
  async applyMixed(): Promise<EventRun> {
    await this.folder.write('mixed.yml', this.#mixedPlaybook());
    return readEvents(await this.lab.provision(['apply', join(this.folder.path, 'mixed.yml'), '--json']));
  }

  /** `provision certs` or `verify`, as JSON; of the playbook with this lab's names, unless another is named first. */
  look(command: 'certs' | 'verify' | 'status', ...args: readonly string[]): Promise<CommandResult> {
    const [first, ...rest] = args;
    const [file, more] = first?.endsWith('.yml') ? [first, rest] : ['site.yml', args];
    return this.lab.provision([command, join(this.folder.path, file), '--json', ...more]);
  }

  /** Numbers of the lines of a VM's program that Logstash has written down. */
  async lines(host: string, from = 0): Promise<readonly number[]> {
    const found = await this.lab.exec(
      'h3',
      `grep -a ' ${host} ${this.container('logspout', 'web')} .*app line' /srv/logstash/out/all.log | sed 's/.* //' | awk '$1 > ${from}'`,
    );
    return found.stdout.split('\n').filter(Boolean).map(Number);
  }

  /** Waits until lines of now have arrived from a VM. */
  async further(host: string): Promise<void> {
    const printed = Number(
      await this.lab.sh(host, `docker logs --tail 1 ${this.container('logspout', 'web')} | sed 's/.* //'`),
    );
    const end = Date.now() + 60_000;
    while ((await this.lines(host, printed)).length === 0) {
      if (Date.now() > end) throw new Error(`no line of ${host} behind ${printed} arrived`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Counts the lines of both VMs from now on, 200 a second each; what comes back waits for new ones, and prints and gives what was lost and what came twice. */
  async counting(): Promise<
    (what: string) => Promise<readonly { readonly lost: number; readonly doubled: number }[]>
  > {
    const hosts = ['h1', 'h2'];
    const rate = (signal: string) =>
      Promise.all(hosts.map((host) => this.lab.sh(host, `pkill -${signal} -x app`)));
    await rate('USR1');
    const begin = await Promise.all(
      hosts.map(async (host) => Math.max(0, ...(await this.lines(host)).slice(-1))),
    );
    return async (what) => {
      const found: { lost: number; doubled: number }[] = [];
      for (const [index, host] of hosts.entries()) {
        await this.further(host);
        const from = begin[index] ?? 0;
        const lines = await this.lines(host, from);
        const known = new Set(lines);
        const last = lines.reduce((most, one) => Math.max(most, one), from);
        const counted = { lost: last - from - known.size, doubled: lines.length - known.size };
        console.log(`${what}, ${host}: ${last - from} lines, ${counted.lost} lost, ${counted.doubled} twice`);
        found.push(counted);
      }
      await rate('USR2');
      return found;
    };
  }

  /** SHA-256 of what Logstash presents. */
  async served(): Promise<string> {
    const show = `export SSL_CERT_FILE=/dev/null; openssl s_client -connect ${monitor}:6514 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`;
    return (await this.lab.sh('h3', show)).trim();
  }

  async close(): Promise<void> {
    // Docker's containers are no children of the host's first process: they would outlive it.
    for (const host of ['h1', 'h2', 'h3'])
      await this.lab.exec(host, 'docker ps -q | xargs -r docker kill; pkill dockerd; true');
    await this.lab.down();
    await this.folder.close();
  }

  #mixedPlaybook(): string {
    const vars = {
      log_server_name: monitor,
      log_port: 6515,
      log_topology: 'private',
      log_ca_directory: join(this.folder.path, 'ca'),
      container_logs_name: monitor,
      container_logs_port: 6515,
      container_logs_group: 'log_server',
      container_logs_private_ca: join(this.folder.path, 'ca'),
      logspout_ca_src: join(this.folder.path, 'ca/ca.pem'),
      logspout_syslog_hostname: '{{ inventory_hostname }}',
      logspout_proof_file: '/var/log/remote/{{ inventory_hostname }}/syslog.log',
      logspout_replaces: [`syslog+tls://${monitor}:6514`],
    };
    const both = { hosts: { h1: null, h2: null } };
    const children = {
      log_server: { hosts: { h3: null } },
      log_clients: both,
      vms: both,
      monitoring: { hosts: {} },
    };
    return JSON.stringify({
      inventory: { all: { children, vars } },
      plays: [{ import_playbook: 'log-over-tls.yml' }, { import_playbook: 'container-logs-over-tls.yml' }],
    });
  }

  #playbook(): string {
    const vars = {
      container_logs_name: monitor,
      container_logs_port: 6514,
      logstash_publish: [],
      logstash_ca_src: this.root,
      logspout_ca_src: this.root,
      certbot_agree_tos: true,
      certbot_server: this.acme.directory,
      certbot_server_ca: this.acme.ca,
      logspout_replaces: [`syslog+tcp://${monitor}:1234`],
    };
    const children = { monitoring: { hosts: { h3: null } }, vms: { hosts: { h1: null, h2: null } } };
    return JSON.stringify({
      inventory: { all: { children, vars } },
      plays: [{ import_playbook: 'container-logs-over-tls.yml' }],
    });
  }
}
