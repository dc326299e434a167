import { Answer } from '../../probes/answer.ts';
import type { Ask } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import { sha256Of } from '../files/content-sum.ts';

/** The crontab of a user, as the program `crontab` shows it. */
export interface UserCrontab {
  /** Empty when there is none. */
  readonly content: Buffer;
  /** Why it cannot be read, what next; undefined when it can. */
  readonly trouble: string | undefined;
}

// Who is not root may name no user to crontab, not even the own one.
function crontabFunction(user: string | undefined): string {
  return `provision_me=$(id -un) || exit 1
provision_who=${user === undefined ? '$provision_me' : quote(user)}
provision_tab() { if [ "$provision_who" = "$provision_me" ]; then crontab "$@"; else crontab -u "$provision_who" "$@"; fi; }`;
}

/** Asks for the crontab of a user, of the task's own user when none is named. */
export function askUserCrontab(user: string | undefined): Ask<ScriptOutput> {
  return script(`command -v crontab >/dev/null || { echo 'missing yes'; exit 0; }
${crontabFunction(user)}
if provision_text=$(LC_ALL=C provision_tab -l 2>/dev/null && echo .); then
  printf 'content '; printf '%s' "\${provision_text%.}" | base64 | tr -d '\\n'; echo
else printf 'failed '; LC_ALL=C provision_tab -l 2>&1 | tr '\\n' ' '; echo; fi`);
}

/** What a host answered to askUserCrontab. */
export function readUserCrontab(output: ScriptOutput, user: string | undefined): UserCrontab {
  const answer = new Answer(output, 'the crontab');
  const none = Buffer.alloc(0);
  if (answer.get('missing'))
    return { content: none, trouble: 'the host has no program crontab: install the package cron' };
  const failed = answer.get('failed');
  // busybox names the file that is not there.
  if (failed !== undefined && !/no crontab for|no such file/i.test(failed)) {
    const whose = user === undefined ? 'the crontab' : `the crontab of ${user}`;
    return { content: none, trouble: `${whose} cannot be read: ${failed.trim()}` };
  }
  return { content: answer.bytes('content') ?? none, trouble: undefined };
}

const said = 'provision_backup=';

/**
 * sh code that gives a user a crontab, unless it became another one since it was read.
 * Its file is kept for a rollback where this user may see it; `backup` keeps a copy as `crontab -l` shows it.
 */
export function writeUserCrontab(
  user: string | undefined,
  before: Buffer,
  content: Buffer,
  backup: boolean,
): string {
  const copy = [
    'provision_copy=$(mktemp "${TMPDIR:-/tmp}/crontab.XXXXXXXX") && provision_tab -l >"$provision_copy" || exit 1',
    `printf '${said}%s\\n' "$provision_copy"`,
  ];
  return [
    crontabFunction(user),
    `case $(provision_tab -l 2>/dev/null | sha256sum) in ${sha256Of(before)}* | ${sha256Of(content)}*) ;; *)`,
    `  printf 'the crontab of %s was changed by someone else while it was edited; run again\\n' "$provision_who" >&2; exit 1 ;;`,
    'esac',
    ...(backup && before.length > 0 ? copy : []),
    'for provision_spool in /var/spool/cron/crontabs /var/spool/cron; do',
    '  [ -d "$provision_spool" ] || continue',
    '  if [ -w "$provision_spool" ] && [ -r "$provision_spool" ]; then provision_save "$provision_spool/$provision_who" || exit 1; fi',
    '  break',
    'done',
    `{ ${printBytes(content)}\n} | provision_tab -`,
  ].join('\n');
}
