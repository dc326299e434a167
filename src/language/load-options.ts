import type { DomainFilter } from '../resources/domain.ts';
import type { AnyResource } from '../resources/resource.ts';

/** What loading a playbook needs from the command line. */
export interface LoadOptions {
  /** Files, directories or `host1,host2,`; empty: the playbook's own inventory. */
  readonly inventories: readonly string[];
  /** `key=value`, JSON/YAML text, or `@file`. */
  readonly extraVars: readonly string[];
  readonly limit: string | undefined;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  /** Filters beside those of Jinja2 and Ansible, by name. */
  readonly filters: ReadonlyMap<string, DomainFilter>;
}
