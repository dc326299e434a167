import type { RunEvent } from '../runner/events.ts';

const most = 20;

/** What a run says that was stopped: why, which hosts are not done, and what next. */
export function interruptionText({ reason, hosts }: Extract<RunEvent, { type: 'interrupted' }>): string {
  const named = hosts.map(
    ({ host, task }) => `${host} (${task === undefined ? 'not begun' : `at '${task}'`})`,
  );
  const rest = named.length > most ? [`${named.length - most} more`] : [];
  const open = [...named.slice(0, most), ...rest].join(', ');
  const lines = [
    ...(reason === 'timeout' ? ["the run's time (--timeout) was over"] : []),
    'nothing new was started; run the same command again to continue',
    ...(open ? [`not done: ${open}`] : []),
  ];
  return lines.join('; ');
}
