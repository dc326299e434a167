import { posix } from 'node:path';
import { asking } from '../probes/probe.ts';
import { type CronArguments as Arguments, cronSchema } from './cron/cron-arguments.ts';
import { editJob, editVariable, jobNames, variableNames, withoutHeader } from './cron/crontab-edit.ts';
import { askUserCrontab, readUserCrontab, type UserCrontab, writeUserCrontab } from './cron/user-crontab.ts';
import { backupResult, backupScript } from './files/backup.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editableText,
  editedFileAfter,
  probeEditedFile,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { fileRemoval } from './files/file-removal.ts';
import { shownText } from './files/shown-text.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

interface State {
  /** With `cron_file`. */
  readonly file?: EditedFileState;
  readonly user?: UserCrontab;
  /** The old content may be shown. */
  readonly contents: boolean;
}

function fileOf({ cron_file: file }: Arguments): string | undefined {
  return file === undefined ? undefined : posix.resolve('/etc/cron.d', file);
}

function times(want: Arguments): readonly string[] {
  const { minute = '*', hour = '*', month = '*' } = want;
  return [minute, hour, want.day ?? want.dom ?? '*', month, want.weekday ?? want.dow ?? '*'];
}

function specialTime({ special_time: word, reboot }: Arguments): string | undefined {
  return word ?? (reboot ? 'reboot' : undefined);
}

function jobLine(want: Arguments): string {
  const word = specialTime(want);
  const when = word === undefined ? times(want).join(' ') : `@${word}`;
  const who = want.cron_file === undefined ? [] : [want.user];
  return `${want.disabled ? '#' : ''}${[when, ...who, want.job ?? want.value].join(' ')}`;
}

// The whole file goes when nobody says what is to go of it.
function edited(want: Arguments, before: string): string {
  const { name, state, env } = want;
  if (state === 'absent' && name === '' && want.cron_file !== undefined) return '';
  if (!env) return editJob(before, { name, line: state === 'absent' ? undefined : jobLine(want) });
  const value = state === 'absent' ? undefined : (want.job ?? want.value);
  const of = want.insertafter ?? want.insertbefore;
  const side = want.insertafter === undefined ? 'before' : 'after';
  return editVariable(before, { name, value, place: of === undefined ? undefined : { side, of } });
}

interface Edit {
  readonly before: Buffer;
  readonly after: Buffer;
  /** As it will be. */
  readonly text: string;
}

function editOf(want: Arguments, { file, user }: State): Edit {
  const before = file?.content ?? user?.content ?? Buffer.alloc(0);
  const { text: raw, encode, fit } = editableText(before);
  const own = user ? withoutHeader(raw) : raw;
  const fitting = Object.entries(want).map(([key, value]) => [
    key,
    typeof value === 'string' ? fit(value) : value,
  ]);
  const text = edited(Object.fromEntries(fitting) as Arguments, own);
  return { before, after: text === own ? before : encode(text), text };
}

function faults(want: Arguments, have: State): readonly string[] {
  const { name, env, state = 'present' } = want;
  const reasons: string[] = [];
  if (state === 'present' && (want.job ?? want.value) === undefined) reasons.push('state: present needs job');
  if (state === 'present' && want.cron_file !== undefined && want.user === undefined)
    reasons.push('cron_file needs user: who runs the job');
  const word = specialTime(want);
  if (word !== undefined && times(want).some((field) => field !== '*'))
    reasons.push(`@${word} says when: leave out minute, hour, day, month and weekday, or special_time`);
  if (want.reboot && word !== 'reboot') reasons.push(`reboot and special_time: ${word} exclude each other`);
  const place = want.insertafter ?? want.insertbefore;
  if (place !== undefined && !env) reasons.push('insertafter and insertbefore need env: true');
  if (env && !/^[^\s=#"']+$/.test(name)) reasons.push(`'${name}' cannot be the name of a variable`);
  if (reasons.length > 0 || !env || state === 'absent' || place === undefined) return reasons;
  const names = variableNames(editOf({ ...want, state: 'absent' }, have).text);
  const there = variableNames((have.file?.content ?? have.user?.content ?? Buffer.alloc(0)).toString('utf8'));
  return there.includes(name) || names.includes(place)
    ? []
    : [`there is no variable ${place} beside which ${name} could go: leave out insertafter and insertbefore`];
}

function isRemoved(want: Arguments, { after }: Edit): boolean {
  return want.state === 'absent' && after.length === 0;
}

/** A job or a variable in a crontab. */
export const cron: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'cron',
  summary: 'Keep a job or a variable in the crontab of a user, or in a file of cron',
  schema: cronSchema,
  gives: ['jobs', 'envs', 'cron_file', 'state', 'backup_file'],
  effect: 'contained',
  paths: (want) => [fileOf(want) ?? '/var/spool/cron/'],
  probe(want, options) {
    const { contents } = options;
    const file = fileOf(want);
    if (file !== undefined) {
      const probe = probeEditedFile(file, options);
      return { ...probe, read: (answers) => ({ file: probe.read(answers), contents }) };
    }
    return asking({ output: askUserCrontab(want.user) }, ({ output }) => ({
      user: readUserCrontab(output, want.user),
      contents,
    }));
  },
  refuse(want, have) {
    if (have.user?.trouble !== undefined) return [have.user.trouble];
    const wrong = faults(want, have);
    return wrong.length > 0 || !have.file
      ? wrong
      : refuseEditedFile({ path: '', create: true }, have.file, true);
  },
  diff(want, have): readonly Change[] {
    const edit = editOf(want, have);
    const { before, after } = edit;
    if (have.file && !isRemoved(want, edit)) {
      const none = have.file.stat.kind === 'absent' && after.length === 0;
      return diffEditedFile({ path: have.file.target }, have.file, none ? undefined : after);
    }
    if (have.file) {
      if (have.file.stat.kind === 'absent') return [];
      const text = have.contents ? shownText(have.file.target, before, after) : {};
      return [{ attribute: 'state', from: 'file', to: 'absent', ...text }];
    }
    const whose = `crontab of ${want.user ?? 'the user of the task'}`;
    return before.equals(after)
      ? []
      : [{ attribute: 'content', ...(have.contents ? shownText(whose, before, after) : {}) }];
  },
  steps(want, changes, have): readonly Step[] {
    if (changes.length === 0) return [];
    const edit = editOf(want, have);
    const { before, after } = edit;
    const { backup = false } = want;
    if (!have.file) return [{ kind: 'script', script: writeUserCrontab(want.user, before, after, backup) }];
    const { target } = have.file;
    if (!isRemoved(want, edit)) return writeEditedFile({ path: target, backup }, changes, have.file, after);
    const script = [...(backup ? [backupScript(target)] : []), fileRemoval(target)].join('\n');
    return [{ kind: 'script', script }];
  },
  after(want, have) {
    const edit = editOf(want, have);
    if (have.user) return { ...have, user: { ...have.user, content: edit.after } };
    if (!have.file || isRemoved(want, edit)) return undefined;
    const file = editedFileAfter({ path: have.file.target }, have.file, edit.after);
    return file && { ...have, file };
  },
  result(want, have, outputs) {
    const edit = editOf(want, have);
    const file = fileOf(want);
    const where = file === undefined ? {} : { cron_file: want.cron_file ?? file };
    if (file !== undefined && isRemoved(want, edit) && have.file?.stat.kind !== 'absent')
      return { ...where, state: 'absent', ...backupResult(outputs) };
    return {
      ...where,
      jobs: jobNames(edit.text),
      envs: variableNames(edit.text),
      ...backupResult(outputs),
    };
  },
};
