/** Where somebody is told what a scheduled run did. */
export type NoticeTarget =
  | { readonly kind: 'mail'; readonly address: string }
  | { readonly kind: 'ntfy'; readonly url: string }
  | { readonly kind: 'webhook'; readonly url: string };

/** What a scheduled run has to say to somebody. */
export interface Notice {
  readonly subject: string;
  readonly lines: readonly string[];
  readonly failed: boolean;
}

/** Reads a target: `mailto:ADDRESS`, `ntfy:URL` or the URL of a webhook; undefined when it is none of them. */
export function noticeTarget(word: string): NoticeTarget | undefined {
  const address = /^mailto:([^\s@,;:<>"'-][^\s@,;:<>"']*@[^\s@,;:<>"']+)$/.exec(word)?.[1];
  if (address !== undefined) return { kind: 'mail', address };
  const [, ntfy, url = ''] = /^(ntfy:)?(https?:\/\/\S+)$/.exec(word) ?? [];
  if (!URL.canParse(url)) return undefined;
  return { kind: ntfy === undefined ? 'webhook' : 'ntfy', url };
}

/** The targets of a file: one a line, `#` begins a comment. */
export function targetLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * What is worth a word about a scheduled run: that it failed, or that something was due and has been renewed. Undefined for a night in which
 * nothing was to be done, or only a host was off.
 */
export function noticeOf(run: {
  readonly code: number;
  readonly applied: boolean;
  readonly playbook: string;
  readonly machine: string;
  readonly lines: readonly string[];
}): Notice | undefined {
  const { code, applied, playbook, machine } = run;
  const lines = [
    ...run.lines,
    'What the run printed is in the journal of its unit; `provision show` shows the last run.',
  ];
  const about = `provision on ${machine}: ${playbook}`;
  if (code === 0 && applied) return { subject: `${about}: renewed what was due`, lines, failed: false };
  if (code === 0 || (code === 4 && !applied)) return undefined;
  if (code === 4)
    return { subject: `${about}: renewed what was due, but a host was off`, lines, failed: false };
  return { subject: `${about}: failed with code ${code}`, lines, failed: true };
}

/** A mail for `sendmail -t`; nothing in it can add a header. */
export function mailText(address: string, { subject, lines }: Notice): string {
  const plain = subject.replace(/[^\x20-\x7e]/g, '?');
  const head = [
    `To: ${address}`,
    `Subject: ${plain}`,
    'Auto-Submitted: auto-generated',
    'Content-Type: text/plain; charset=utf-8',
  ];
  return `${head.join('\n')}\n\n${lines.join('\n')}\n`;
}
