import type { DomainFilter } from '../resources/domain.ts';
import type { AnyResource } from '../resources/resource.ts';
import type { AskPrompt, VaultPassword } from './model.ts';

/** Values of `-u` and `--private-key`. */
export interface Login {
  readonly user?: string | undefined;
  readonly privateKey?: string | undefined;
}

/** What loading a playbook needs from the command line. */
export interface LoadOptions {
  /** Files, directories or `host1,host2,`; empty: the playbook's own inventory. */
  readonly inventories: readonly string[];
  /** `key=value`, JSON/YAML text, or `@file`. */
  readonly extraVars: readonly string[];
  /** Taken where neither the command line nor the playbook has an inventory. */
  readonly defaultInventories?: readonly string[] | undefined;
  /** Further folders in which roles are looked for. */
  readonly rolesPath?: readonly string[] | undefined;
  /** The playbook itself, where it is no file. */
  readonly text?: string | undefined;
  /** How messages call `limit`; `--limit` without it. */
  readonly limitName?: string | undefined;
  /** The name of the task to begin at; `*` stands for any characters. */
  readonly startAtTask?: string | undefined;
  /** Who logs in and with which key, where no inventory and no play says so. */
  readonly login?: Login;
  /** What else of the command line a playbook can read. */
  readonly forks?: number | undefined;
  readonly diff?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** Asks for the variables of `vars_prompt`; without it they have their defaults. */
  readonly ask?: AskPrompt | undefined;
  readonly limit: string | undefined;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  /** Passwords of what ansible-vault has encrypted. */
  readonly vaultPasswords?: readonly VaultPassword[];
  /** Is given each value that was encrypted, and must not be shown. */
  readonly hide?: (secret: string) => void;
  /** Filters beside those of Jinja2 and Ansible, by name. */
  readonly filters: ReadonlyMap<string, DomainFilter>;
}
