import { firstFingerprint } from '../../../src/domains/tls-logs/certificates/certificate.ts';
import { AcmeServer } from './acme-server.ts';
import { Lab } from './lab.ts';
import { PlaybookFolder } from './playbook-folder.ts';
import type { CommandResult } from './process.ts';
import { morePackages } from './repository-packages.ts';
import { type EventRun, readEvents, taskResults } from './run-events.ts';

/** Where certbot keeps the certificate. */
export const live = '/etc/letsencrypt/live/logs.lab';
const renewal = '/etc/letsencrypt/renewal/logs.lab.conf';

/** What the deploy hook writes down. */
export const recordFile = '/var/lib/provision/renewals/logs.lab.json';

/** Prefix of a certbot by hand: it trusts the lab's ACME service. */
export const trusting = 'REQUESTS_CA_BUNDLE=/etc/letsencrypt/provision/roots.pem';

/** The task that runs a deploy hook again. */
export const hookTask = 'h1: Deploy hook, which has not come to its end for this certificate';

// `web` holds port 80 as a unit, `box` by a command that starts and stops it, as with a container.
const holders = `cat >/etc/systemd/system/web.service <<end
[Service]
ExecStart=/usr/bin/python3 -m http.server 80
end
cat >/usr/local/bin/box <<'end'
#!/bin/sh
case $1 in
start) systemd-run -q --unit=box python3 -m http.server 80 ;;
stop) systemctl stop box ;;
esac
echo "$1" >>/root/box.said
end
chmod 755 /usr/local/bin/box
systemctl daemon-reload`;

/** What a record says. */
interface Renewal {
  readonly state: string;
  readonly fingerprint: string;
  readonly domains: readonly string[];
  readonly reason: string;
}

/** The role certbot for logs.lab on h1, against a real ACME server on h2; the first certificate is there. */
export class CertbotProject {
  readonly lab: Lab;
  readonly acme: AcmeServer;
  /** The very first run. */
  readonly first: EventRun;
  readonly #folder: PlaybookFolder;

  private constructor(lab: Lab, folder: PlaybookFolder, acme: AcmeServer, first: EventRun) {
    this.lab = lab;
    this.acme = acme;
    this.first = first;
    this.#folder = folder;
  }

  /** Makes the lab, and has the first certificate issued. */
  static async open(name: string): Promise<CertbotProject> {
    const lab = await Lab.up(2, 'bookworm', name, morePackages);
    try {
      const folder = await PlaybookFolder.open(lab, ['h1']);
      const acme = await AcmeServer.start(lab, 'h2', folder.path);
      await folder.write('site.yml', '- {hosts: all, roles: [certbot]}\n');
      const first = await applied(folder, acme, {});
      if (first.code !== 0) throw new Error(`no first certificate: ${first.stdout}${first.stderr}`);
      await lab.sh('h1', holders);
      await lab.save('h1', 'issued');
      return new CertbotProject(lab, folder, acme, first);
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  /** Back to the first certificate; port 80 is held by the unit `web`. */
  async reset(): Promise<void> {
    await this.lab.restore('h1', 'issued');
    await this.lab.sh('h1', 'systemctl start web');
  }

  /** Applies the role with these variables beside the ordinary ones. */
  apply(variables: object = {}, ...args: readonly string[]): Promise<EventRun> {
    return applied(this.#folder, this.acme, variables, ...args);
  }

  /** The same as a person sees it, with all that can be shown. */
  applyShown(variables: object): Promise<CommandResult> {
    return this.#folder.apply('site.yml', '-v', '--diff', '-e', settings(this.acme, variables));
  }

  /** What `provision certs` says, on one line. */
  async certs(variables: object = {}): Promise<{ readonly code: number | null; readonly said: string }> {
    const args = this.#folder.args('site.yml', '-e', settings(this.acme, variables)).slice(1);
    const { code, stdout, stderr } = await this.lab.provision(['certs', ...args]);
    return { code, said: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') };
  }

  /** The chain that certbot has, PEM. */
  certificate(): Promise<string> {
    return this.lab.sh('h1', `cat ${live}/fullchain.pem`);
  }

  /** What the deploy hook wrote down, and whether it is about the certificate that is there. */
  async record(): Promise<Renewal & { readonly present: boolean }> {
    const found: Renewal = JSON.parse(await this.lab.sh('h1', `cat ${recordFile}`));
    return { ...found, present: found.fingerprint === firstFingerprint(await this.certificate()) };
  }

  /** Makes the certificate due in certbot's eyes. */
  async makeDue(): Promise<void> {
    await this.lab.sh('h1', `sed -i 's/^# renew_before_expiry.*/renew_before_expiry = 200 days/' ${renewal}`);
  }

  /** Fails unless somebody serves port 80 within 10 s. */
  async expectHeld(): Promise<void> {
    const connect = 'until : 2>/dev/null </dev/tcp/127.0.0.1/80; do sleep 0.1; done';
    await this.lab.sh('h1', `timeout 10 bash -c '${connect}'`);
  }

  async close(): Promise<void> {
    await this.lab.down();
    await this.#folder.close();
  }
}

function settings(acme: AcmeServer, variables: object): string {
  return JSON.stringify({
    certbot_domains: ['logs.lab'],
    certbot_agree_tos: true,
    certbot_server: acme.directory,
    certbot_server_ca: acme.ca,
    certbot_stop_services: ['web'],
    ...variables,
  });
}

async function applied(
  folder: PlaybookFolder,
  acme: AcmeServer,
  variables: object,
  ...args: readonly string[]
): Promise<EventRun> {
  return readEvents(await folder.apply('site.yml', '--json', '-e', settings(acme, variables), ...args));
}

/** Why tasks failed. */
export function failures(run: EventRun): string {
  return taskResults(run)
    .flatMap(({ status, message }) => (status === 'failed' && message ? [message] : []))
    .join('\n');
}
