import type { TSchema } from 'typebox';
import type { Probe } from '../probes/probe.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { Step } from './step.ts';

/** Data as YAML, JSON and templates know it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What the run wants to know beyond whether something differs. */
export interface ProbeOptions {
  /** A diff will be shown: fetch old contents where they differ (never of keys). */
  readonly contents: boolean;
  /** A dry run: ask what nothing but `observations` and `premises` need. A run that only applies does without. */
  readonly observations?: boolean;
}

/** One thing that differs between what is wanted and what is there. Plain data: plans print and serialise it. */
export interface Change {
  /** What would change: `content`, `mode`, `owner`, `state`, `package`, ... */
  readonly attribute: string;
  readonly from?: string;
  readonly to?: string;
  /** Whole old and new text for a unified diff; left out where it may not be shown (keys) or is binary. */
  readonly text?: { readonly path: string; readonly before: string; readonly after: string };
}

/**
 * How far a change reaches.
 * `read`: never changes the host. `contained`: alters only `paths`. `opaque`: may alter anything.
 */
type Effect = 'read' | 'contained' | 'opaque';

interface Described {
  /** The key in YAML, without `ansible.builtin.`. */
  readonly name: string;
  /** Other keys for the same thing. */
  readonly aliases?: readonly string[];
  /** One line for the reference. */
  readonly summary: string;
  /** Arguments; `additionalProperties: false`; descriptions and defaults feed the reference. */
  readonly schema: TSchema;
  /** Other names of arguments, as Ansible documents them: `path: ['dest', 'name']`. */
  readonly argumentAliases?: Readonly<Record<string, readonly string[]>>;
  /** The argument that a plain string stands for, as in `command: uptime`. */
  readonly freeform?: string;
  /**
   * What is wrong with the arguments whatever the host is like, `argument: reason` where it is one of them: what is written
   * without a template is then found when the playbook is read, and the rest before `refuse` is asked.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the arguments of any resource.
  faults?(want: any): readonly string[];
  /** The keys of what `register` sees beside those that all have, as `stat.exists`: what else a playbook reads is a mistake. */
  readonly gives?: readonly string[];
  /** Further ones, by the argument that must be true for them. */
  readonly givesWith?: Readonly<Record<string, readonly string[]>>;
}

/** A file of the control node that an argument names: found, read and (for templates) rendered before `probe`. */
export interface SourceArgument {
  /** The argument that names it, e.g. `src`. */
  readonly argument: string;
  /** Folder of a role, or beside the playbook, in which a relative name is looked for. */
  readonly folder: 'files' | 'templates';
  readonly render: boolean;
  /** Boolean arguments, and what they say where the name is a path on the host instead. */
  readonly unless?: Readonly<Record<string, boolean>>;
  /** The name is the first word of the argument only. */
  readonly firstWord?: true;
  /** It may name a directory, which arrives as the argument `source_tree`. */
  readonly tree?: true;
}

/** A directory of the control node with all that is below it; links were followed. */
export interface SourceTree {
  /** Without a trailing `/`. */
  readonly path: string;
  /** Names of directories below it, those above first. */
  readonly directories: readonly string[];
  readonly files: readonly {
    readonly name: string;
    readonly content: Uint8Array;
    /** Permission bits. */
    readonly mode: number;
  }[];
}

/** The file that a SourceArgument named; arrives as the argument `source_file`. */
export interface SourceFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Where a task is; arrives as the argument `task_place` of a resource that wants it. */
export interface TaskPlace {
  /** The host's name in the inventory. */
  readonly host: string;
  /** The folder of the playbook on the control node. */
  readonly directory: string;
  /** The host is the control node itself. */
  readonly local: boolean;
  /** The port that its variables name. */
  readonly port?: number;
  /** The other machine to which the task is delegated. */
  readonly delegate?: string;
  /** The control node's rsync, where a variable names it. */
  readonly rsync?: string;
}

/** What a probe saw that a command shows, beyond what differs. Plain data of its kind; all of it may be printed. */
export interface Observation {
  /** What is described; the domain that makes it says in which fields. */
  readonly kind: string;
  /** It lies on the control node, whatever host the task is for. */
  readonly here?: true;
}

/** Something that a plan shows to stand in the way of a change. */
export interface Obstacle {
  /** In the words in which applying would fail. */
  readonly message: string;
  /** A change that an earlier task is planned to make there takes it away. */
  readonly lifted?: readonly string[];
  /** After a change there nobody knows; without it, what may alter anything is expected to take it away. */
  readonly doubted?: readonly string[];
  /** What else would have to be known. */
  readonly dependsOn?: readonly string[];
}

/** Something on a managed host with a wanted state. Everything but the scripts' effects is pure. */
export interface HostResource<Args, State> extends Described {
  readonly kind: 'host';
  readonly effect: Effect | ((want: Args) => Effect);
  readonly source?: SourceArgument;
  /** It looks whether something that runs on is well: `provision status` does no more of a playbook than such tasks. */
  readonly watches?: true;
  /** It wants to know where its task is: `task_place`. */
  readonly placed?: true;
  /** What was changed before it is looked at again before it begins: it may not be there afterwards. */
  readonly alone?: true;
  /** It alters files of the control node, which tasks behind it may read: its steps are made at once. */
  readonly here?: true;
  /** Further arguments that the control node itself knows, read anew each time `probe`, `diff` or `steps` looks at one. */
  lateArguments?(want: Args): { readonly [argument: string]: () => unknown };
  /** Must be looked at when its turn comes, not ahead: it depends on other hosts or on time. */
  readonly volatile?: boolean;
  /** Its state follows from other changes (a restart, an installation): check mode cannot know it once such a change is planned. */
  follows?(want: Args): boolean;
  /** Its diff never becomes empty (a command, a restart): it is not asked again after it was applied. */
  repeats?(want: Args): boolean;
  /** Its change is only begun, or its steps say themselves what they have made: the host is not asked afterwards. */
  readonly begins?: true;
  /** It has one end on the control node anyway: a task that is delegated there stays with its host. */
  readonly bridges?: true;
  /** Arguments that may name paths of the control node: as such they arrive in `control_paths` too, absolute. */
  readonly controlPaths?: readonly string[];
  /** Absolute paths that it reads and may alter; a trailing `/` means everything below. */
  paths?(want: Args): readonly string[];
  probe(want: Args, options: ProbeOptions): Probe<State>;
  /** Reasons to fail before anything is done. */
  refuse?(want: Args, have: State): readonly string[];
  /** Paths in which an earlier task may be planned to put what `refuse` misses: the plan then does not know. */
  reliesOn?(want: Args): readonly string[];
  /** What only a plan asks beside the probe: what would make a change fail. Applying runs into it by itself. */
  premises?(want: Args): Probe<(changes: readonly Change[], have: State) => readonly Obstacle[]>;
  /** Pure; [] means that all is as wanted. */
  diff(want: Args, have: State): readonly Change[];
  steps(want: Args, changes: readonly Change[], have: State): readonly Step[];
  /**
   * What the host will answer once the item is as wanted, where that is known beforehand: items of a loop that touch the
   * same thing are then made in one go. Undefined: it must be asked.
   */
  after?(want: Args, have: State): State | undefined;
  /**
   * What `register` sees beside `changed`, `failed`, `skipped`; after a failure `rc` and `stderr`, too, and `stdout` where `gives`
   * names it. What steps print is registered in no other way.
   * @param have what there is at the end, as far as the host was asked again
   * @param before what there was at first
   */
  result?(
    want: Args,
    have: State,
    outputs: readonly ScriptOutput[],
    before?: State,
  ): { readonly [key: string]: Json };
  /**
   * What `register` sees of an item that `refuse` has something against: an answer that was not the expected one. A `msg` is what
   * Ansible's module says, which playbooks look into; a person reads what `refuse` says.
   */
  failedResult?(want: Args, have: State): { readonly [key: string]: Json };
  /** What its probe saw; without `have` (the host's answer cannot be used), what is known all the same. */
  observations?(want: Args, have: State | undefined): readonly Observation[];
  /** Variables for the host, as `ansible_facts` gets them. */
  facts?(want: Args, have: State): { readonly [key: string]: Json };
}

/** Decided on the control node alone: assert, debug, fail, set_fact. */
export interface ControlResource<Args> extends Described {
  readonly kind: 'control';
  /** Arguments whose strings are conditions: they arrive evaluated, as `{ condition, holds }` each. */
  readonly conditions?: readonly string[];
  /** Arguments whose strings are expressions without braces: they arrive as `{ expression, value }`. */
  readonly expressions?: readonly string[];
  /** The argument that holds checks of a role: those that found something arrive, as `CheckFinding`. */
  readonly checks?: string;
  evaluate(want: Args): ControlOutcome;
}

/** What a control resource decided. */
export interface ControlOutcome {
  readonly status: 'ok' | 'changed' | 'failed';
  readonly message?: string;
  /** Shown at once and again above the recap: something works, but not as safely as it may seem. */
  readonly warnings?: readonly string[];
  readonly result?: { readonly [key: string]: Json };
  /** Variables that the host has from now on. */
  readonly facts?: { readonly [key: string]: Json };
  /** What is in the inventory from now on; the status is `ok` where all of it was there already. */
  readonly joins?: InventoryAddition;
}

/** A host that joins the inventory, or further groups of one that is there. */
export interface InventoryAddition {
  /** The host of the task when left out. */
  readonly host?: string;
  readonly groups: readonly string[];
  /** Groups of which these become part. */
  readonly parents: readonly string[];
  readonly variables: { readonly [name: string]: Json };
}

/** One host listens while the hosts of the play send: proves that what is sent arrives. */
export interface ExchangeResource<Args> extends Described {
  readonly kind: 'exchange';
  /** Inventory name of the host that listens; all hosts of one exchange name the same. */
  listener(want: Args): string;
  /** The same, waited for at most so many seconds: `timeout` of the task, or of a block or play around it. */
  within(want: Args, seconds: number): Args;
  /**
   * Runs on the listener; prints `ready`, then one line `arrived TOKEN DETAIL` per token as it comes, ends when all came or time is up.
   * What a later line says of the same token counts in place of the first, but for the time.
   * @param ahead the tokens were sent before it began: it finds what has come already, and waits for the rest only shortly
   */
  listenScript(wants: readonly Args[], tokens: readonly string[], ahead: boolean): string;
  /**
   * Runs on each sending host after the listener is ready.
   * @param ahead it runs among the first questions of a run, on a host that may not be set up yet: then it sends nothing and fails
   */
  sendScript(want: Args, token: string, ahead: boolean): string;
  /** `arrival` is undefined when the token never came; milliseconds are the control node's. */
  judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome;
  /** Prints what helps to understand a token that did not come; runs on both sides. */
  diagnoseScript(want: Args, side: 'sender' | 'listener'): string;
}

/** A token that reached the listener. */
export interface Arrival {
  readonly milliseconds: number;
  /** It was only looked for later: it may have come sooner. */
  readonly atMost: boolean;
  readonly detail: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds resources of every argument and state type.
export type AnyHostResource = HostResource<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyResource = AnyHostResource | ControlResource<any> | ExchangeResource<any>;
