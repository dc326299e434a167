import { describe, expect, it } from 'vitest';
import { install } from '../../../src/schedule/installation.ts';
import { scheduleStatuses } from '../../../src/schedule/schedule-status.ts';
import { FakeSystemd } from '../../helpers/schedule/fake-systemd.ts';
import { sampleSchedule } from '../../helpers/schedule/sample-schedule.ts';

const struck = 'Sat 2026-11-21 00:12:00 UTC';
const ended = 'Sat 2026-11-21 00:12:09 UTC';
const coming = 'Sun 2026-11-22 00:41:00 UTC';

async function statusOf(service: string, timer = `ActiveState=active\nLastTriggerUSec=${struck}\n`) {
  const fake = new FakeSystemd();
  await install(sampleSchedule, fake.systemd);
  fake.write('units/other.timer', '[Timer]\nOnCalendar=daily\n');
  fake.write('show.provision-lab.timer', `NextElapseUSecRealtime=${coming}\n${timer}`);
  fake.write('show.provision-lab.service', service);
  fake.write(
    'state/provision-lab/reached.json',
    '{"h1": {"since": "2026-11-21T00:12:00Z"}, "h3": {"since": "2026-11-12T00:09:30Z", "missed": true}}',
  );
  return await scheduleStatuses(fake.systemd);
}

describe('scheduleStatuses', () => {
  it.each([
    ['0', 'success', 'ok'],
    ['4', 'success', 'ok, but a host was not reached'],
    ['1', 'exit-code', 'failed: the playbook cannot be used, or provision itself failed'],
    ['2', 'exit-code', 'failed: a host failed, or something is still due'],
    ['3', 'exit-code', 'failed with code 3'],
    ['130', 'exit-code', 'interrupted'],
    ['15', 'timeout', 'failed: timeout'],
    ['9', 'oom-kill', 'failed: oom-kill'],
  ])('code %s, %s: %s', async (code, result, text) => {
    const shown = `ActiveState=inactive\nResult=${result}\nExecMainStatus=${code}\nExecMainExitTimestamp=${ended}\n`;
    expect(await statusOf(shown)).toEqual([
      {
        name: 'provision-lab',
        playbook: '/srv/my lab/50%.yml',
        next: coming,
        last: ended,
        result: text,
        missed: [{ host: 'h3', since: '2026-11-12 00:09 UTC' }],
      },
    ]);
  });

  const fresh = 'ActiveState=inactive\nResult=success\nExecMainStatus=0\nExecMainExitTimestamp=\n';

  it('a run that is under way', async () => {
    const [status] = await statusOf(fresh.replace('inactive', 'activating'));
    expect(status).toMatchObject({ result: 'running now', last: struck });
  });

  it('after a boot only the timer remembers', async () => {
    const [status] = await statusOf(fresh);
    expect(status).toMatchObject({ result: 'not known since the last boot', last: struck });
  });

  it('before the first run', async () => {
    const [status] = await statusOf(fresh, 'ActiveState=active\nLastTriggerUSec=\n');
    expect(status).toMatchObject({ result: 'has not run yet', last: undefined });
  });

  it('a timer that was stopped has no next run', async () => {
    const [status] = await statusOf(fresh, 'ActiveState=inactive\nLastTriggerUSec=\n');
    expect(status?.next).toBeUndefined();
  });
});
