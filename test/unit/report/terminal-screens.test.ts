import { describe, expect, test } from 'vitest';
import { writeFitted } from '../../../src/report/screen.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { rendered } from '../../helpers/report/rendered-run.ts';
import {
  memoryOutput,
  playStart,
  recapEvent,
  recapOf,
  resultOf,
  runStart,
  taskStart,
  troubledRun,
} from '../../helpers/report/sample-run.ts';

const hosts = ['logs', 'pi'];
const install = ['Install rsyslog with TLS'];
const server = 'Log server';
const proof =
  'pi -> logs: arrived in 192 ms, TLSv1.3, TLS_AES_256_GCM_SHA384, served certificate = deployed certificate';
const rotation = Array.from({ length: 40 }, (_, line) => `  setting number ${line + 1}\n`).join('');

function unknown(name: string, host = 'logs'): RunEvent {
  return resultOf(host, name, { status: 'unknown', dependsOn: install });
}

// A first plan: what cannot be known before packages are there, a long file, a program, and what would fail.
const plan: readonly RunEvent[] = [
  runStart(hosts, true),
  { type: 'warning', message: 'a run before this one was killed', host: 'logs' },
  { type: 'warning', message: 'a run before this one was killed', host: 'pi' },
  playStart(1, server, hosts),
  ...['Whether there is a table of ours', 'Whether there are rules of ufw', 'Its unit goes'].map((name) =>
    unknown(name),
  ),
  unknown('Run rsyslog, now and after a reboot', 'pi'),
  resultOf('logs', 'Rotation of the received lines', {
    status: 'changed',
    changes: [{ attribute: 'content', text: { path: '/etc/logrotate.d/tls', before: '', after: rotation } }],
  }),
  resultOf('logs', 'Change the input of rsyslog', {
    status: 'changed',
    handler: true,
    changes: [{ attribute: 'command', to: 'set -- /etc/rsyslog.d/05-provision-journal.conf\nexit 0\n' }],
  }),
  resultOf('pi', 'Restart it', {
    status: 'failed',
    message: 'there is no unit no-such-thing.service on the host; is its package installed?',
  }),
  { type: 'host-failed', host: 'pi', message: 'there is no unit no-such-thing.service on the host' },
  recapEvent({ logs: recapOf({ changed: 2, unknown: 3 }), pi: recapOf({ unknown: 1, failed: 1 }) }, 2),
];

const dry: readonly RunEvent[] = [
  ...plan.filter((event) => !('host' in event && event.host === 'pi')).slice(0, -1),
  recapEvent({ logs: recapOf({ changed: 2, unknown: 3 }) }),
];

// A run that changes nothing: the play with the proof says it in one line, too.
const converged: readonly RunEvent[] = [
  runStart(hosts),
  playStart(1, server, ['logs']),
  taskStart('Configuration', 1),
  resultOf('logs', 'Configuration'),
  playStart(2, 'Log clients', ['pi']),
  taskStart('Configuration', 1, false, 2),
  resultOf('pi', 'Configuration', { play: 2 }),
  taskStart('A log line arrives at the server', 1, false, 2),
  resultOf('pi', 'A log line arrives at the server', { play: 2, message: proof }),
  recapEvent({ logs: recapOf({ ok: 1 }), pi: recapOf({ ok: 2 }) }),
];

// A handler that fails, and once more on the files that were put back.
const again = 'there is no unit no-such-thing.service on the host; is its package installed?';
const twice: readonly RunEvent[] = [
  runStart(['logs']),
  playStart(1, 'Every machine', ['logs']),
  resultOf('logs', 'restart it', { status: 'failed', handler: true, message: again }),
  resultOf('logs', 'restart it', { status: 'failed', handler: true, message: again }),
  {
    type: 'rolled-back',
    host: 'logs',
    files: ['/etc/hello'],
    message: 'the files of this play were put back',
  },
  { type: 'host-failed', host: 'logs', message: again },
  recapEvent({ logs: recapOf({ changed: 1, failed: 1 }) }, 2),
];

async function shown(
  events: readonly RunEvent[],
  width: number,
  {
    colour = false,
    terminal = true,
    brief = true,
  }: Partial<Record<'colour' | 'terminal' | 'brief', boolean>> = {},
): Promise<string> {
  const output = memoryOutput(colour, { width, terminal });
  const diff = events === plan || events === dry;
  const next = 'provision apply logs.yml';
  await rendered(events, { diff, brief, next, stdout: output, stderr: output });
  return output.text();
}

const screens = { plan, dry, converged, twice, troubled: troubledRun() } as const;
const every = Object.entries(screens);

describe.each([80, 140])('a terminal of %d columns', (width) => {
  test.each(every)('%s', async (name, events) => {
    const text = await shown(events, width);
    await expect(text).toMatchFileSnapshot(`golden/screens/${name}-${width}.txt`);
    // What a program printed stays as it is.
    const own = text.split('\n').filter((line) => !/^ {4}(?:Job for|See ")/.test(line));
    expect(own.filter((line) => line.length > width)).toEqual([]);
  });
});

test.each(every)(
  '%s has colours that stand on light and dark, and says all without them',
  async (_name, events) => {
    const painted = await shown(events, 80, { colour: true });
    const codes = new Set([...painted.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code)));
    // Bold, dim, and the six colours that are neither black nor white; no background.
    expect([...codes].filter((code) => ![1, 2, 22, 31, 32, 33, 35, 36, 39].includes(code))).toEqual([]);
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(await shown(events, 80));
  },
);

test('without a terminal a message is one line, for programs that look for it', async () => {
  expect(await shown(converged, 80, { terminal: false })).toContain(`\n${proof}\n`);
});

test('what fails once more in the same way is said once', async () => {
  const text = await shown(twice, 80);
  expect(text.match(/FAILED/g)).toHaveLength(2);
  expect(text.match(/no-such-thing/g)).toHaveLength(1);
  expect(text).not.toContain('what is done stays done');
});

test('what would fail is said where it is planned, and at the end what to do', async () => {
  const text = await shown(plan, 80);
  expect(text.match(/no-such-thing/g)).toHaveLength(1);
  expect(text).not.toContain('FAILED');
  expect(text).toMatch(/^Would fail: Restart it on pi$/m);
});

test('a plan is warned of once, and ends with the command that does it', async () => {
  const text = await shown(plan, 80);
  expect(text.match(/warning:/g)).toHaveLength(1);
  expect(text).not.toContain('next: provision apply');
  expect(await shown(dry, 80)).toMatch(/next: provision apply logs\.yml\n$/);
});

test('a long diff is cut unless it is asked for', async () => {
  expect(await shown(dry, 80)).toContain('(and 23 lines more: --diff shows them)');
  expect(await shown(dry, 80, { brief: false })).toContain('+  setting number 40');
});

test('a line that is too long for a terminal goes on further in; escape sequences take no columns', () => {
  const output = memoryOutput(false, { width: 40, terminal: true });
  const green = (text: string) => `\u001b[32m${text}\u001b[39m`;
  writeFitted(output, [`${green('ok    ')}  pi -> logs: arrived within 158 ms, TLSv1.3, safe`, '  it fits']);
  expect(output.text()).toBe(
    `${green('ok    ')}  pi -> logs: arrived within 158\n    ms, TLSv1.3, safe\n  it fits\n`,
  );
});
