import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { mustRun } from './process.ts';

const script = join(import.meta.dirname, '../../lab/acme-like');

/** Options of `acme-like issue`; none: a certificate as a public authority issues it today, for servers only. */
export type IssueOption = '--client' | '--both' | '--no-usage' | '--expired' | '--future' | '--rsa';

/** A throw-away certification authority that behaves like a public one, and the certbot that asks it. */
export class Authority {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes root and intermediate in a new folder. */
  static async create(folder: string): Promise<Authority> {
    await mustRun(script, ['authority', folder]);
    return new Authority(folder);
  }

  /** The root certificate, what clients trust. */
  get root(): string {
    return join(this.folder, 'root.pem');
  }

  /** Writes privkey.pem, cert.pem, chain.pem and fullchain.pem into `out`. */
  async issue(out: string, domains: readonly string[], ...options: readonly IssueOption[]): Promise<void> {
    await mustRun(script, ['issue', this.folder, out, domains.join(','), ...options]);
  }

  /** Leaves a first certificate on a host of the lab under /etc/letsencrypt, as certbot does. */
  certbot(
    lab: Lab,
    host: string,
    domains: readonly string[],
    ...options: readonly IssueOption[]
  ): Promise<void> {
    return this.#install('certbot', lab, host, domains, options);
  }

  /** Leaves the next version there and flips the links to it. */
  renew(
    lab: Lab,
    host: string,
    domains: readonly string[],
    ...options: readonly IssueOption[]
  ): Promise<void> {
    return this.#install('renew', lab, host, domains, options);
  }

  async #install(
    action: 'certbot' | 'renew',
    lab: Lab,
    host: string,
    domains: readonly string[],
    options: readonly IssueOption[],
  ): Promise<void> {
    const env = { LAB_NS: lab.name, LAB_RUN: '' };
    await mustRun(script, [action, this.folder, host, domains.join(','), ...options], { env });
  }
}
