import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

// The server's own HTTPS certificate is from an authority that no host trusts, as with an ACME service of one's own.
// Certificates that it issues are valid for 90 days.
const start = `set -e
name=$1
umask 077
apt-get -qq update
apt-get -qq install -y pebble >/dev/null 2>&1
mkdir -p /root/acme
cd /root/acme
ec() { openssl "$@" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes 2>/dev/null; }
ec req -x509 -keyout ca.key -out ca.pem -subj '/CN=ACME service of the lab' -days 30 -addext basicConstraints=critical,CA:true
ec req -keyout key.pem -out request.pem -subj "/CN=$name"
printf 'subjectAltName=DNS:%s\\n' "$name" >names
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out cert.pem 2>/dev/null
cat >config.json <<end
{"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000", "certificate": "/root/acme/cert.pem",
"privateKey": "/root/acme/key.pem", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false,
"certificateValidityPeriod": 7776000}}
end
systemd-run -q --unit=pebble -E PEBBLE_VA_NOSLEEP=1 -E PEBBLE_WFE_NONCEREJECT=0 -E PEBBLE_AUTHZREUSE=0 pebble -config /root/acme/config.json
timeout 30 bash -c 'until : 2>/dev/null </dev/tcp/127.0.0.1/14000; do sleep 0.1; done'
`;

/**
 * A real ACME server, Debian's pebble, on a host of the lab; it asks port 80 of the names that it certifies. A name that
 * was proven may be believed again without: tests of a failing proof take a name that never was.
 */
export class AcmeServer {
  readonly #host: string;
  /** The directory URL. */
  readonly directory: string;
  /** File on the control machine with the root of the server's own HTTPS certificate. */
  readonly ca: string;
  readonly #lab: Lab;
  readonly #name: string;

  private constructor(lab: Lab, host: string, name: string, ca: string) {
    this.#host = host;
    this.#lab = lab;
    this.#name = name;
    this.ca = ca;
    this.directory = `https://${name}:14000/dir`;
  }

  /** Installs and starts it on a host; its root goes into `folder`. */
  static async start(lab: Lab, host: string, folder: string): Promise<AcmeServer> {
    const name = `${host}.lab`;
    const ca = join(folder, 'acme-ca.pem');
    await lab.sh(host, `sh -s ${name}`, { input: start });
    await writeFile(ca, await lab.sh(host, 'cat /root/acme/ca.pem'));
    return new AcmeServer(lab, host, name, ca);
  }

  /** The root of what it issues, PEM; another one each time that it starts. */
  async root(): Promise<string> {
    const { stdout } = await this.#lab.ctl([
      'curl',
      '-sS',
      '--cacert',
      this.ca,
      `https://${this.#name}:15000/roots/0`,
    ]);
    return stdout;
  }

  /** Ends it at once; it keeps nothing. */
  async kill(): Promise<void> {
    await this.#lab.sh(this.#host, 'systemctl kill -s KILL pebble');
  }
}
