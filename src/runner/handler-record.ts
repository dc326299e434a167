import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { Playbook, Task } from '../language/model.ts';
import { quote } from '../shell/quote.ts';

/** A notified handler that did not run, as a host remembers it. */
export interface HandlerRecord {
  /** Name of its file. */
  readonly key: string;
  /** Where the file is on the host. */
  readonly file: string;
  /** Who notified it, in words for a person; empty in files that version 0.1.0 wrote. */
  readonly words: string;
}

// Every host asks for those of its play.
const keys = new WeakMap<Task, string>();

/**
 * Name under which a notified handler is remembered on the host. The playbook counts with its whole path: of two projects
 * that both have a `site.yml` and a handler `restart`, neither runs or forgets the other's.
 */
export function handlerKey(playbook: Playbook, handler: Task): string {
  const key =
    keys.get(handler) ?? digest([resolve(playbook.file), ownerOf(playbook, handler), nameOf(handler)]);
  keys.set(handler, key);
  return key;
}

/**
 * Names under which the host may remember a handler: ours, and that of version 0.1.0, for which the playbook counted with
 * the last part of its name alone. Whose such a one is cannot be known, so it is run: once too often is better than never.
 */
export function handlerKeys(playbook: Playbook, handler: Task): readonly [key: string, earlier: string] {
  return [handlerKey(playbook, handler), earlierKey(playbook, handler)];
}

function earlierKey(playbook: Playbook, handler: Task): string {
  return digest([basename(playbook.file), handler.role?.name ?? '', nameOf(handler)]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

// A role's handler is the same one in every play; one that a play has itself is that play's.
function ownerOf({ plays }: Playbook, handler: Task): string {
  if (handler.role) return `role ${handler.role.name}`;
  return `play ${plays.find(({ handlers }) => handlers.includes(handler))?.name ?? ''}`;
}

function nameOf(handler: Task): string {
  return handler.name ?? handler.id;
}

/** Prints the remembered handlers: a line for each, with its file and what is in there. */
export const rememberedScript = `for provision_key in "$provision_state"/handlers/*; do
  [ -f "$provision_key" ] || continue
  provision_words=
  IFS= read -r provision_words <"$provision_key" || :
  printf '%s\\t%s\\n' "$provision_key" "$provision_words"
done`;

/** Remembers handlers before the change that notifies them is made. */
export function rememberScript(playbook: Playbook, handlers: readonly Task[]): string {
  const records = handlers.map((handler) => {
    const words = `'${nameOf(handler)}' of ${resolve(playbook.file)}`.replace(/\s+/g, ' ');
    const file = `"$provision_state/handlers/${handlerKey(playbook, handler)}"`;
    return `printf '%s\\n' ${quote(words)} >${file} || { provision_unwritten ${file}; exit 1; }`;
  });
  const directory =
    '[ -d "$provision_state/handlers" ] || ( umask 077; mkdir -p "$provision_state/handlers" ) || exit 1';
  return [directory, ...records].join('\n');
}

/** What the host printed of its remembered handlers; lines that make no sense are left out. */
export function readHandlerRecords(output: string): readonly HandlerRecord[] {
  return output.split('\n').flatMap((line) => {
    const [, file, key, words] = /^([^\t]*\/([0-9a-f]{32}))\t(.*)$/.exec(line) ?? [];
    return file && key ? [{ key, file, words: (words ?? '').slice(0, 300) }] : [];
  });
}

/** What a person must know of remembered handlers before a run: those that it takes over from version 0.1.0, and those that are not its own. */
export function handlerWarnings(playbook: Playbook, records: readonly HandlerRecord[]): readonly string[] {
  if (records.length === 0) return [];
  const handlers = playbook.plays.flatMap((play) => play.handlers);
  const own = new Set(handlers.map((handler) => handlerKey(playbook, handler)));
  const earlier = new Map(handlers.map((handler) => [earlierKey(playbook, handler), nameOf(handler)]));
  return records.flatMap(({ key, file, words }) => {
    if (own.has(key)) return [];
    const name = earlier.get(key);
    if (name !== undefined)
      return [
        `handler '${name}' was left undone by version 0.1.0, perhaps by another playbook of this name: it will run`,
      ];
    const what = words ? `the handler ${words}` : 'a handler of another playbook, noted by version 0.1.0,';
    return [
      `${what} is still to be run: run that playbook again, or do it by hand and remove ${file} on the host`,
    ];
  });
}
