import { padTo, textWidth } from '../../../../report/fitted-text.ts';
import type { Output } from '../../../../report/screen.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import type { ScheduleStatus } from '../../../../schedule/schedule-status.ts';

/** Schedules as a person reads them, a few lines each. */
export function scheduleLines(statuses: readonly ScheduleStatus[], { paint }: Output): readonly string[] {
  if (statuses.length === 0) return ['no schedules here; make one with `provision schedule PLAYBOOK`'];
  return statuses.flatMap(({ name, playbook, next, last, result, missed }) => [
    paint('bold', name),
    ...rows({
      playbook: visibleText(playbook),
      next: next ?? paint('red', 'never: its timer is off'),
      last: last ?? '-',
      result: /^(failed|interrupted)/.test(result) ? paint('red', result) : result,
      ...(missed.length > 0 && {
        missed: missed.map(({ host, since }) => `${host} since ${since}`).join(', '),
      }),
    }),
  ]);
}

function rows(values: Readonly<Record<string, string>>): readonly string[] {
  const width = Math.max(...Object.keys(values).map(textWidth));
  return Object.entries(values).map(([key, value]) => `  ${padTo(key, width)}  ${value}`);
}
