/** What a host is at now, for whoever watches a run: never kept, and no event. */
export type Doing =
  /** It has come to a task, or the step of one has begun on it. */
  | { readonly at: 'task'; readonly task: string; readonly name: string }
  /** It cannot go on before something else happens, or goes on again where `until` is missing. */
  | { readonly at: 'wait'; readonly kind: WaitKind; readonly until?: string }
  /** Nothing more is to be done on it before the other hosts have come as far. */
  | { readonly at: 'end' };

/** What can keep a host waiting; the waits of each kind begin and end by themselves. */
type WaitKind = 'fork' | 'hold' | 'lock' | 'hosts' | 'retry';

/** Is given what a host is at whenever that changes. */
export type Watch = (host: string, doing: Doing) => void;
