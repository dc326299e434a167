import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import type { HomeLabProject } from './home-lab-project.ts';

const place = '/root/false-server';

/** Somebody at the log server's address in place of it, with a certificate that clients must not accept. */
export class FalseServer {
  readonly #project: HomeLabProject;

  private constructor(project: HomeLabProject) {
    this.#project = project;
  }

  /** Stops the log server and listens at its port. */
  static async start(project: HomeLabProject, authority: Authority, name: string): Promise<FalseServer> {
    const out = join(project.folder, 'false-server');
    await authority.issue(out, [name]);
    const { lab } = project;
    await lab.sh('h1', `rm -rf ${place} && mkdir ${place}`);
    for (const file of ['fullchain.pem', 'privkey.pem'])
      await lab.sh('h1', `cat >${place}/${file}`, { input: await readFile(join(out, file), 'utf8') });
    const listen = `openssl s_server -accept 6514 -cert ${place}/fullchain.pem -cert_chain ${place}/fullchain.pem -key ${place}/privkey.pem`;
    await lab.sh(
      'h1',
      `systemctl stop syslog.socket rsyslog && systemctl reset-failed rsyslog
      systemd-run -q --collect --unit=false-server sh -c 'sleep 600 | exec ${listen} >${place}/received 2>&1'
      timeout 10 sh -c 'until grep -q ACCEPT ${place}/received; do sleep 0.1; done'`,
    );
    return new FalseServer(project);
  }

  /** All that clients sent to it, after the next of them has tried. */
  async received(): Promise<string> {
    const tried = `grep -qe '^ERROR' -e 'SSL SESSION' ${place}/received`;
    const wait = `timeout 40 sh -c "until ${tried}; do sleep 0.2; done" && sleep 1 && cat ${place}/received`;
    return this.#project.lab.sh('h1', wait);
  }

  /** Puts the log server back. */
  async stop(): Promise<void> {
    await this.#project.lab.sh('h1', 'systemctl stop false-server && systemctl start syslog.socket rsyslog');
  }
}
