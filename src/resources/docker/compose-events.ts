/** What docker compose does, or would do, to one thing of a project. */
export interface ComposeEvent {
  readonly what: string;
  readonly id: string;
  readonly status: string;
}

// What is reported of a thing before it is done; what has been done is reported once more.
const deeds: Readonly<Record<string, readonly [from: string | undefined, to: string]>> = {
  Creating: ['absent', 'created'],
  Recreate: [undefined, 'made anew'],
  Starting: ['stopped', 'started'],
  Restarting: [undefined, 'restarted'],
  Stopping: ['running', 'stopped'],
  Killing: ['running', 'killed'],
  Removing: ['present', 'absent'],
};

/** What docker compose says that it does, in its plain form, `--dry-run` or not. */
export function composeEvents(text: string): readonly ComposeEvent[] {
  return text.split('\n').flatMap((line) => {
    const [, what = '', id = '', status = ''] =
      /^\s*(?:DRY-RUN MODE -\s+)?(Container|Network|Volume|Image)\s+"?(\S+?)"?\s+([A-Z][a-z]+)\b/.exec(
        line,
      ) ?? [];
    return status in deeds ? [{ what: what.toLowerCase(), id, status }] : [];
  });
}

/** How an event is shown in a plan. */
export function eventChange({ what, id, status }: ComposeEvent) {
  const [from, to] = deeds[status] ?? [undefined, status];
  return { attribute: `${what} ${id}`, ...(from !== undefined && { from }), to };
}

/** What `--format json` printed: a list, or one thing a line. */
export function composeList(text: string): readonly unknown[] {
  const read = (part: string): readonly unknown[] => {
    try {
      const value: unknown = JSON.parse(part);
      return Array.isArray(value) ? value : value === null ? [] : [value];
    } catch {
      return [];
    }
  };
  return text.trimStart().startsWith('[') ? read(text) : text.split('\n').filter(Boolean).flatMap(read);
}
