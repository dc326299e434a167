import { withHostPaths } from '../language/evaluate/host-paths.ts';
import { inEnvironment, script } from '../probes/script.ts';
import type { AnyHostResource } from '../resources/resource.ts';
import { expandedHead, printExpanded } from '../shell/expanded-words.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { Answered, Question, Ready } from './question.ts';

/** What stands for the host's own words at the beginning of paths: `~`, `~deploy`, `$HOME`. */
type Words = ReadonlyMap<string, string>;

function headsIn(resource: AnyHostResource, { items }: Ready): ReadonlySet<string> {
  const heads = new Set<string>();
  for (const { args, skippedBy } of items)
    if (skippedBy === undefined)
      withHostPaths(resource, args, (path) => {
        const head = expandedHead(path);
        if (head !== undefined) heads.add(head);
        return path;
      });
  return heads;
}

// As with Ansible, where what sends files looks up homes by itself, and everything else on the host in the task's environment.
function environmentFor({ source, here }: AnyHostResource, head: string, ready: Ready): Ready['environment'] {
  return head.startsWith('~') && (source || here) ? {} : ready.environment;
}

/** What a host must be asked before the paths of a task are known: one question for each word that is its own. */
export function wordQuestions(resource: AnyHostResource, ready: Ready): readonly Question[] {
  return [...headsIn(resource, ready)].map((head) => ({
    key: head,
    item: 0,
    become: ready.become,
    asks: [inEnvironment(script(printExpanded(head)), environmentFor(resource, head, ready))],
    paths: ['/etc/passwd'],
  }));
}

/** The task with the paths that the host's answers make of it; a word without a good answer stays as it is written. */
export function withWords(
  resource: AnyHostResource,
  ready: Ready,
  answers: ReadonlyMap<string, Answered | undefined>,
): Ready {
  const words = wordsFrom(answers);
  if (words.size === 0) return ready;
  const expanded = (path: string) => {
    const head = expandedHead(path) ?? '';
    const found = words.get(head);
    if (found === undefined) return path;
    const rest = path.slice(head.length);
    return found === '/' && rest.startsWith('/') ? rest : found + rest;
  };
  const items = ready.items.map((item) => ({ ...item, args: withHostPaths(resource, item.args, expanded) }));
  return { ...ready, items };
}

// The host is not trusted: what is no path is no answer.
function wordsFrom(answers: ReadonlyMap<string, Answered | undefined>): Words {
  const words = new Map<string, string>();
  for (const [head, answered] of answers) {
    if (!answered || 'refused' in answered) continue;
    const { code, stdout } = answered.values[0] as ScriptOutput;
    if (code === 0 && /^\/[^\u0000-\u001f]*$/.test(stdout)) words.set(head, stdout);
  }
  return words;
}

/** Why the paths of an item are still not known when the host has been asked; undefined when they are. */
export function unknownPath(resource: AnyHostResource, args: unknown): string | undefined {
  let reason: string | undefined;
  withHostPaths(resource, args, (path) => {
    if (path.startsWith('~')) reason ??= `the host has no user whose home '${path}' could begin with`;
    else if (path.startsWith('$'))
      reason ??= `'${path}' does not become an absolute path in the environment of the host`;
    return path;
  });
  return reason;
}
