import type { Position } from '../../errors/problem.ts';
import type { Role, Task, TaskNode, VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { Inherited } from './inherited.ts';

/** A role that something asks for. */
export interface RoleRequest {
  readonly name: string;
  readonly at: Position;
  /** Variables passed to it, a mapping. */
  readonly parameters: YamlNode | undefined;
  /** What stands below `vars:` of an entry of `roles:` or `dependencies:`. */
  readonly vars?: YamlNode | undefined;
  /** Names of files in the role instead of `main`. */
  readonly from: {
    readonly tasks?: string;
    readonly vars?: string;
    readonly defaults?: string;
    readonly handlers?: string;
  };
  /** Run it again although the play has it with the same parameters. */
  readonly again: boolean;
  /** Put in place while the play runs, by include_role. */
  readonly dynamic: boolean;
  /** Its variables are there for the whole play. */
  readonly shared: boolean;
  /** The directory of the role that depends on it; else that in whose tasks it stands. */
  readonly asking?: string;
}

/** A name under `notify` and where it stands. */
interface Notification {
  readonly name: string;
  readonly at: Position;
}

/** What building one play shares; tasks and roles lead to each other through it. */
export interface PlayScope {
  readonly loading: Loading;
  /** Number of the play, from 1. */
  readonly index: number;
  /** Directory of the user's playbook file that holds or imports the play: roles are looked for beside it. */
  readonly directory: string;
  /** Where the user's playbook imports the play, when it comes with provision. */
  readonly importedAt: Position | undefined;
  /** Where files are looked for that belong to no role, best first. */
  readonly searchPath: readonly string[];
  /** Variables of the play, and those of the command line: what names may be made of before there are hosts. */
  readonly playVars: readonly VariableLayer[];
  readonly extraVars: VariableLayer;
  readonly handlers: Task[];
  /** Names and topics of handlers, of broken ones too: who notifies them is not to blame. */
  readonly handlerNames: Set<string>;
  /** Names of blocks among them, which are none. */
  readonly handlerBlocks: Set<string>;
  readonly roles: Role[];
  /** A role could not be found: handlers and variables may have been its. */
  lacksRole: boolean;
  readonly notifications: Notification[];
  /** The tasks of a list as written. */
  tasks(list: YamlNode, inherited: Inherited): readonly TaskNode[];
  /** The handlers of a list as written; they go to `handlers`. */
  addHandlers(list: YamlNode, inherited: Inherited): void;
  /** The tasks of a role, those of roles it depends on first. */
  role(request: RoleRequest, inherited: Inherited): readonly TaskNode[];
  /** Whether a role can be found from where it is asked for. */
  hasRole(name: string, inherited: Inherited): boolean;
  /** Names of all roles that can be found. */
  roleNames(): readonly string[];
}
