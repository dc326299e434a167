import type { IncludedTemplate, TemplateEnvironment } from '../../jinja/template/template-environment.ts';
import type { SourceArgument, SourceFile } from '../../resources/resource.ts';
import type { Play, Playbook, Task } from '../model.ts';
import type { Memories } from './host-memory.ts';

/** What all scopes of a run share. */
export interface ScopeWorld {
  readonly playbook: Playbook;
  readonly memories: Memories;
  readonly check: boolean;
  /** Before the first connection: facts may turn out to be anything. */
  readonly factsPending?: boolean;
  /** Hosts of a play that still take part. */
  activeHosts(play: Play): readonly string[];
}

/** Where something is evaluated. */
export interface ScopePlace {
  readonly host: string;
  readonly play: Play | undefined;
  readonly task: Task | undefined;
  /** Values that win over everything: loop variables, results that a condition looks at. */
  readonly locals: ReadonlyMap<string, unknown>;
  /** Variables that includes added. */
  readonly added: ReadonlyMap<string, unknown>;
  /** Files that templates may read. */
  readonly files?: ScopeFiles;
}

/** Files of the control node as one task sees them. */
export interface ScopeFiles {
  /** @param beside a folder that is looked into first */
  text(name: string, beside: string | undefined): string;
  template(name: string): IncludedTemplate | undefined;
  source(name: string, source: SourceArgument, environment: TemplateEnvironment, args?: unknown): SourceFile;
  secret(name: string, make: (known: string | undefined) => string, write: boolean): string;
  command(command: string): string;
  /** @param folder in which of the folders of a role it is looked for first */
  locate(name: string, folder: string): string | undefined;
  glob(pattern: string): readonly string[];
}
