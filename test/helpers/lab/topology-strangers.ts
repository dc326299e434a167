import { randomBytes } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Authority } from './authority.ts';
import { type HomeLabProject, serverName } from './home-lab-project.ts';
import { mustRun } from './process.ts';
import type { Attempt } from './stranger.ts';

const acmeLike = join(import.meta.dirname, '../../lab/acme-like');
const stranger = join(import.meta.dirname, 'stranger.ts');
const times = 20;

/** Who is no client of the log server. `member`: his certificate is from the CA that the server trusts, but nobody permits it. */
export const strangers = ['nobody', 'self-signed', 'foreign', 'member'] as const;
export type Stranger = (typeof strangers)[number];

/** The strangers of a project, each with a certificate of his own; judged by what the server stored. */
export class TopologyStrangers {
  readonly #project: HomeLabProject;
  /** An authority that nobody trusts. */
  readonly elsewhere: Authority;

  private constructor(project: HomeLabProject, elsewhere: Authority) {
    this.#project = project;
    this.elsewhere = elsewhere;
  }

  /** Makes the certificates; the private CA must be there. */
  static async issue(project: HomeLabProject): Promise<TopologyStrangers> {
    const { folder, ca, authority } = project;
    const at = (name: string) => join(folder, name);
    await mustRun(acmeLike, ['self-signed', at('self-signed'), 'h2']);
    const elsewhere = await Authority.create(at('elsewhere'));
    await elsewhere.issue(at('foreign'), ['h2'], '--both');
    const own = await Authority.create(at('signer'));
    await copyFile(join(ca, 'ca.pem'), join(own.folder, 'intermediate.pem'));
    await copyFile(join(ca, 'ca-key.pem'), join(own.folder, 'intermediate.key'));
    await own.issue(at('member-of-private'), ['hx'], '--client');
    await authority.issue(at('member-of-public'), ['other.lab'], '--both');
    return new TopologyStrangers(project, elsewhere);
  }

  /** Lets each of them send; resolves to how many of 20 lines the server stored of each. */
  async stored(transport: 'tcp' | 'relp', ca: 'private' | 'public'): Promise<Record<Stranger, number>> {
    const marker = `stranger-${randomBytes(6).toString('hex')}`;
    await Promise.all(strangers.map((who) => this.#send(who, transport, ca, `${marker}-${who}`)));
    // Behind these lines: what the server was sent before has been dealt with.
    if (!(await this.#project.delivers('h3', `behind ${marker}`)))
      throw new Error('the clients do not get through any more');
    const { stdout } = await this.#project.lab.exec(
      'h1',
      `grep -raFh -e '${marker}-' /var/log/remote /var/log/syslog`,
    );
    const count = (who: Stranger) => stdout.split(`${marker}-${who}-`).length - 1;
    return {
      nobody: count('nobody'),
      'self-signed': count('self-signed'),
      foreign: count('foreign'),
      member: count('member'),
    };
  }

  async #send(
    who: Stranger,
    transport: 'tcp' | 'relp',
    ca: 'private' | 'public',
    line: string,
  ): Promise<void> {
    const folder = join(this.#project.folder, who === 'member' ? `member-of-${ca}` : who);
    const own =
      who === 'nobody'
        ? {}
        : { certificate: join(folder, 'fullchain.pem'), key: join(folder, 'privkey.pem') };
    const what: Attempt = {
      host: serverName,
      port: 6514,
      times,
      line,
      transport,
      tls: { version: 'TLSv1.3', ...own },
    };
    const { stdout, stderr } = await this.#project.lab.ctl([
      process.execPath,
      stranger,
      JSON.stringify(what),
    ]);
    if (stdout === '') throw new Error(`the stranger '${who}' failed: ${stderr}`);
  }
}
