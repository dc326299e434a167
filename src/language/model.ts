import type { Position, Problem } from '../errors/problem.ts';

/** A YAML value with templates still in its strings, and where each part of it stands. */
export interface Source {
  readonly value: unknown;
  /** Position of the value, or of a part of it: `at('when', 1)`; falls back to the nearest parent known. */
  at(...path: readonly (string | number)[]): Position;
}

/** Variables of one level of precedence. */
export interface VariableLayer {
  /** As messages name it: `defaults of role log_server`, `vars of play 2`. */
  readonly origin: string;
  readonly variables: ReadonlyMap<string, Source>;
  /** The folder in which files that its templates name are looked for first: that of the role whose variables they are. */
  readonly files?: string;
  /** A file of `vars_files` whose name is a template: it counts on the hosts for which that gives its path. */
  readonly choice?: { readonly file: FileChoice; readonly path: string };
}

/** Names of files, maybe templates, of which a host takes the first that exists. */
export interface FileChoice {
  readonly at: Position;
  readonly names: readonly Source[];
  /** All that they may lead to: by the name that a template may give, the path. */
  readonly files: ReadonlyMap<string, string>;
  /** Its own files and those behind it in `vars_files`: its names do not see what they say. */
  readonly behind: ReadonlySet<VariableLayer>;
}

/** A role as one play uses it. */
export interface Role {
  readonly name: string;
  readonly directory: string;
  /** Roles whose tasks include or import it, the nearest first. */
  readonly parents: readonly Role[];
  /** Where the user's playbook asks for it, for a role that needs it, or for a playbook of provision that does. */
  readonly askedAt: Position;
  readonly defaults: VariableLayer;
  readonly vars: VariableLayer;
  /** Below `vars:` of the entry that asks for it: as Ansible has it, its own vars win, and other roles of the play see these too. */
  readonly entryVars: VariableLayer;
  /** What the play passed: `roles: [{ role: x, port: 514 }]`. */
  readonly parameters: VariableLayer;
  /** What its handlers see: where that is the same, they are the same handlers. */
  readonly use: string;
  /** It is put in place while the play runs, by include_role: its handlers are apart from those of other uses. */
  readonly dynamic: boolean;
  /** The list of its meta/checks.yml. */
  readonly checks: Source | undefined;
}

/** One task or handler, checked but not yet evaluated: expressions are Jinja2 without braces. */
export interface Task {
  /** Unique and stable in a playbook: `2.roles.log_server.5`. Identifies handlers across runs. */
  readonly id: string;
  readonly name: string | undefined;
  readonly at: Position;
  /** Canonical name of the resource, or `include_tasks`, `meta`. */
  readonly resource: string;
  readonly args: Source;
  /** All must hold; those of enclosing blocks and roles come first. */
  readonly when: readonly Source[];
  /** A list, or an expression that gives one. */
  readonly loop: Source | undefined;
  /** What makes the items of it, as `dict` of with_dict; undefined for `loop`, whose items they are. */
  readonly loopLookup: string | undefined;
  readonly loopVar: string;
  readonly indexVar: string | undefined;
  /** `extended` of loop_control: each item has `ansible_loop`, with all items unless they are not wanted. */
  readonly loopExtended: 'whole' | 'without items' | undefined;
  readonly loopLabel: Source | undefined;
  readonly register: string | undefined;
  /** Names of handlers, maybe templates. */
  readonly notify: readonly Source[];
  /** Handlers only. */
  readonly listen: readonly string[];
  readonly tags: readonly string[];
  readonly become: Source | undefined;
  readonly becomeUser: Source | undefined;
  /** One of `becomeMethods`: a host has one for all of a run. */
  readonly becomeMethod: Source | undefined;
  readonly environment: Source | undefined;
  readonly delegateTo: Source | undefined;
  /** What it finds or sets belongs to the host that it is delegated to, if it is. */
  readonly delegateFacts: boolean;
  readonly runOnce: boolean;
  /** What `run_once` is, where it is a template. */
  readonly runOnceText: Source | undefined;
  /** `check_mode:` of the task: false runs it even in check mode, true only ever plans it. */
  readonly checkMode: boolean | undefined;
  /** What `check_mode` is, where it is a template. */
  readonly checkModeText: Source | undefined;
  /** `diff: false`, or a template: no content of it is shown. */
  readonly noDiff: boolean;
  /** The template, which hides it whatever comes out. */
  readonly noDiffText: Source | undefined;
  readonly noLog: boolean;
  /** What `no_log` was, where it is a template: whatever comes out, nothing is shown. */
  readonly noLogText: Source | undefined;
  /** Seconds for each item on its host, maybe a template; 0 and undefined are no limit. */
  readonly timeout: Source | undefined;
  /** Seconds that it may take at most; a command with `poll: 0` is not waited for. */
  readonly async: Source | undefined;
  readonly poll: Source | undefined;
  readonly ignoreErrors: Source | undefined;
  readonly changedWhen: readonly Source[] | undefined;
  readonly failedWhen: readonly Source[] | undefined;
  readonly until: readonly Source[] | undefined;
  /** How often to try again, maybe a template; 3 without it. */
  readonly retries: Source | undefined;
  /** Seconds between tries, maybe a template; 5 without it. */
  readonly delay: Source | undefined;
  /** Task, block, include and play-role levels, innermost last. */
  readonly vars: readonly VariableLayer[];
  readonly role: Role | undefined;
  /** Directories in which relative `src`, `include_tasks` and `vars_files` names are looked for, best first. */
  readonly searchPath: readonly string[];
  /** include_tasks that could not be resolved when loading: the files it may name, loaded. */
  /** The values that it sets are evaluated when they are used, as those of any file of variables. */
  readonly lateValues?: true;
  readonly includes: ReadonlyMap<string, readonly TaskNode[]> | undefined;
}

/** A block with its ways out; a plain block has empty `rescue` and `always`. */
export interface Block {
  readonly name: string | undefined;
  readonly at: Position;
  readonly tasks: readonly TaskNode[];
  readonly rescue: readonly TaskNode[];
  readonly always: readonly TaskNode[];
  /** `rollback: always`: all or nothing. */
  readonly allOrNothing: boolean;
}

/** What a list of tasks is made of. */
export type TaskNode = { readonly task: Task } | { readonly block: Block };

/** One play, its roles' tasks already in place: pre_tasks, handlers flush, roles, tasks, flush, post_tasks, flush. */
export interface Play {
  readonly index: number;
  readonly name: string;
  readonly at: Position;
  /** Where the user's playbook imports it, when it comes with provision. */
  readonly importedAt: Position | undefined;
  /** Inventory names after `hosts:`, in order; `--limit` not yet applied. */
  readonly hosts: readonly string[];
  readonly tasks: readonly TaskNode[];
  readonly handlers: readonly Task[];
  readonly roles: readonly Role[];
  /** `vars`, answers to `vars_prompt`, then `vars_files` in order. */
  readonly vars: readonly VariableLayer[];
  readonly gatherFacts: boolean;
  /** Handlers run on a host where something failed, too. */
  readonly forceHandlers: boolean;
  /** Host counts or percentages (`30%`) of the rounds; undefined is all at once. */
  readonly serial: readonly (number | string)[] | undefined;
  readonly anyErrorsFatal: boolean;
  readonly maxFailPercentage: number | undefined;
  /** `rollback: always`: all or nothing. */
  readonly allOrNothing: boolean;
  readonly become: Source | undefined;
  readonly becomeUser: Source | undefined;
  /** One of `becomeMethods`: a host has one for all of a run. */
  readonly becomeMethod: Source | undefined;
  readonly environment: Source | undefined;
}

/** One managed host of the inventory. */
export interface Host {
  readonly name: string;
  readonly groups: readonly string[];
  /** Lowest precedence first: group all, parents before children, then host. */
  readonly layers: readonly VariableLayer[];
}

/** Hosts and groups in the order in which they were written. */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The groups that are part of each group, as they are written. */
  readonly children?: ReadonlyMap<string, readonly string[]>;
  /** What files say about a control node that no inventory names: group all, group_vars/all, host_vars/localhost. */
  readonly localLayers?: readonly VariableLayer[];
}

/** What joins the inventory while a run goes on: a host, or one that is there in further groups. */
export interface Joining {
  readonly host: string;
  readonly groups: readonly string[];
  /** Groups of which those become part. */
  readonly parents: readonly string[];
  readonly variables: VariableLayer;
}

/** What a playbook addresses once something has joined its inventory. */
export interface Grown {
  readonly inventory: Inventory;
  readonly limited: ReadonlySet<string>;
  /** The hosts of each play, by its number. */
  readonly hosts: ReadonlyMap<number, readonly string[]>;
}

/** How an inventory may grow. */
interface Growth {
  with(joined: readonly Joining[]): Grown;
  /** Whether a host or group of that name may join, or of a pattern. */
  mayJoin(name: string): boolean;
  /** All variables that hosts of joining groups may get. */
  readonly layers: readonly VariableLayer[];
}

/** A password of ansible-vault, and the name that encrypted texts may call it by. */
export interface VaultPassword {
  readonly label: string;
  readonly password: string;
}

/** What a run was asked for, as playbooks can read it: `ansible_run_tags`, `inventory_dir`, ... */
export interface RunWords {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | undefined;
  /** Absolute paths of inventories, and lists of hosts as they were written. */
  readonly inventories: readonly string[];
  readonly forks: number;
  readonly diff: boolean;
  readonly verbosity: number;
}

/** A playbook with its inventory, roles and files: everything that could be checked before connecting has been. */
export interface Playbook {
  readonly file: string;
  readonly directory: string;
  readonly inventory: Inventory;
  readonly plays: readonly Play[];
  readonly extraVars: VariableLayer;
  readonly words: RunWords;
  /** Opens files of the control node that ansible-vault has encrypted. */
  readonly vault: { open(text: string): Buffer };
  /** Only where a task of the playbook lets hosts join (`add_host`, `group_by`). */
  readonly growth?: Growth | undefined;
  /** Hosts that `--limit` leaves; all hosts without it. */
  readonly limited: ReadonlySet<string>;
  /** Names that templates and expressions take from outside, wherever they stand: in tasks, variables, template files. */
  readonly mentioned: ReadonlySet<string>;
  /** Filters beside those of Jinja2 and Ansible: what domains bring. */
  readonly filters: ReadonlyMap<string, (value: unknown, args: readonly unknown[]) => unknown>;
  /** Texts of all files read, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** What checks of roles warn of as far as no host need be asked; a run warns of it by itself. */
  readonly checkWarnings: readonly string[];
}

/** A question of `vars_prompt`, as a person sees it. */
export interface VarsPrompt {
  readonly name: string;
  readonly question: string;
  /** What is typed is not shown. */
  readonly isPrivate: boolean;
  /** It is asked for twice. */
  readonly confirm: boolean;
  readonly otherwise: string | undefined;
}

/** Puts a question to a person; throws a ProvisionError with the problem of that place where nobody can answer. */
export type AskPrompt = (
  prompt: VarsPrompt,
  unanswered: Omit<Problem, 'code' | 'message'>,
) => Promise<string>;
