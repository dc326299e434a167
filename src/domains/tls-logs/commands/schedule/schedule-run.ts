import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { apply } from '../../../../cli/apply-command.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { RunEvent } from '../../../../runner/events.ts';
import { type RunEnd, runWhenDue } from '../../../../schedule/due-run.ts';
import { type Notice, noticeOf, noticeTarget, targetLines } from '../../../../schedule/notice.ts';
import { sendNotice } from '../../../../schedule/notice-sending.ts';
import { daysMissed, keepReach, readReach, recorded } from '../../../../schedule/reach-record.ts';
import { isUnfinished, keepUnfinished } from '../../../../schedule/unfinished.ts';
import type { CaRunOptions } from '../ca/ca-options.ts';
import { certificateTag } from '../certs/certificate-tasks.ts';
import { certs } from '../certs/certs-command.ts';
import type { ScheduleOptions } from './schedule-options.ts';

/**
 * What the timer does: applies the certificates of a playbook when `provision certs` finds something due.
 * Exit code 4: a host is off; systemd takes that for success. 2: more than that is wrong, or it has been off for long.
 * @param state directory in which is kept when each host was last reached, and that an application is unfinished; undefined: nothing is kept
 */
export async function runSchedule(
  playbook: string,
  options: ScheduleOptions,
  tool: Tool,
  state: string | undefined,
): Promise<number> {
  const settings = runOptions(options);
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
    process.stdout.write(`${line}\n`);
  };
  let applied = false;
  const end = await runWhenDue({
    certs: () => watched((watch) => certs(playbook, { ...settings, watch }, tool)),
    apply: async () => {
      const tags = [certificateTag];
      applied = true;
      if (state !== undefined) await keepUnfinished(state, true);
      const end = await watched((watch) => apply(playbook, { ...settings, tags, watch }, tool));
      if (state !== undefined && end.code === 0) await keepUnfinished(state, false);
      return end.failed && end.code === 4 ? { ...end, code: 2 } : end;
    },
    unfinished: state !== undefined && isUnfinished(state),
    say,
  });
  const code = state === undefined ? end.code : await withGrace(end, options.graceDays, state, say);
  const notice = noticeOf({ code, applied, playbook: basename(playbook), machine: hostname(), lines });
  if (notice) await notify(options.notify ?? [], notice);
  return code;
}

// Who cannot be told changes nothing about the run: the journal says so.
async function notify(given: readonly string[], notice: Notice): Promise<void> {
  const words = given.flatMap((one) => (one.startsWith('@') ? linesOf(one.slice(1)) : [one]));
  for (const word of words) {
    const target = noticeTarget(word);
    const trouble = target ? await sendNotice(target, notice) : 'a target of --notify cannot be used';
    if (trouble !== undefined) process.stdout.write(`${trouble}\n`);
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return targetLines(readFileSync(file, 'utf8'));
  } catch (error) {
    return [`unreadable: ${error instanceof Error ? error.message : error}`];
  }
}

async function withGrace(
  end: RunEnd,
  graceDays: number,
  state: string,
  say: (line: string) => void,
): Promise<number> {
  if (end.reached.length + end.missed.length === 0) return end.code;
  const now = Date.now();
  const record = recorded(await readReach(state), end, now);
  await keepReach(state, record);
  if (end.code !== 4) return end.code;
  const missed = end.missed.map((host) => ({ host, days: daysMissed(record, host, now) }));
  for (const { host, days } of missed) say(`${host}: not reached${days > 0 ? ` for ${days} days` : ''}`);
  const late = missed.filter(({ days }) => days >= graceDays).map(({ host }) => host);
  if (late.length > 0) say(`this is a failure: ${late.join(', ')} was missed for ${graceDays} days or more`);
  if (end.refused.length > 0)
    say(`this is a failure: ${end.refused.join(', ')} is not off, but cannot be used`);
  return late.length + end.refused.length > 0 ? 2 : 4;
}

function runOptions(options: ScheduleOptions): CaRunOptions {
  const {
    inventory,
    extraVars,
    limit,
    user,
    privateKey,
    become,
    becomeUser = 'root',
    sshConfig,
    fleet,
    caPassphraseFile,
    color,
  } = options;
  return {
    forks: 25,
    connectTimeout: 10,
    shellTimeout: 30,
    color,
    becomeUser,
    ...(user !== undefined && { user }),
    ...(privateKey !== undefined && { privateKey }),
    ...(become && { become }),
    ...(inventory && { inventory }),
    ...(extraVars && { extraVars }),
    ...(limit !== undefined && { limit }),
    ...(sshConfig !== undefined && { sshConfig }),
    ...(fleet !== undefined && { fleet }),
    ...(caPassphraseFile !== undefined && { caPassphraseFile }),
  };
}

// What a host that is off looks like; a key that is refused is another matter.
const off: readonly string[] = ['connect', 'timeout', 'lost', 'name'];

// The exit code alone does not show who was missed, nor that a host failed where another was unreachable.
async function watched(
  run: (watch: (event: RunEvent) => void) => Promise<number>,
): Promise<RunEnd & { readonly failed: boolean }> {
  const reached: string[] = [];
  const missed: string[] = [];
  const refused: string[] = [];
  let failed = false;
  const code = await run((event) => {
    if (event.type === 'host-unreachable' && !off.includes(event.code ?? '')) refused.push(event.host);
    if (event.type !== 'recap') return;
    for (const [host, recap] of Object.entries(event.hosts)) {
      (recap.unreachable ? missed : reached).push(host);
      failed ||= recap.failed > 0;
    }
  });
  return { code, reached, missed, refused, failed };
}
