import { describe, expect, it } from 'vitest';
import { playbookOf, unitFiles } from '../../../src/schedule/unit-files.ts';
import { sampleSchedule } from '../../helpers/schedule/sample-schedule.ts';

describe('unitFiles', () => {
  it('of root: a service that waits for the network, a timer for every night', () => {
    const { service, timer } = unitFiles(sampleSchedule);
    expect(service).toEqual({
      name: 'provision-lab.service',
      text: `# Made by \`provision schedule\`: change it with the same command, take it away with --remove.
[Unit]
Description=Certificates of /srv/my lab/50%%.yml, when something is due
Wants=network-online.target
After=network-online.target
# Somebody who tries it several times in a row is not refused.
StartLimitIntervalSec=0

[Service]
Type=oneshot
SyslogIdentifier=provision
ExecStart=/usr/bin/node /opt/provision/main.js schedule "/srv/my lab/50%%.yml" --run "--limit=$$x"
WorkingDirectory=/srv/my lab
Environment=HOME=/root
# When each host was last reached.
StateDirectory=provision-schedule/provision-lab
StateDirectoryMode=0700
# 4: some host was not reached, but none for long.
SuccessExitStatus=4
# A run that is asked to stop finishes the steps in flight.
KillMode=mixed
TimeoutStopSec=5min
TimeoutStartSec=2h

[X-Provision]
Playbook="/srv/my lab/50%.yml"
`,
    });
    expect(timer).toEqual({
      name: 'provision-lab.timer',
      text: `# Made by \`provision schedule\`: change it with the same command, take it away with --remove.
[Unit]
Description=Certificates of /srv/my lab/50%%.yml, when something is due

[Timer]
OnCalendar=daily
RandomizedDelaySec=1h
# A run that was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target

[X-Provision]
Playbook="/srv/my lab/50%.yml"
`,
    });
  });

  it('of a user: no network target and no HOME, which their manager does not know or gives itself', () => {
    const { service } = unitFiles({ ...sampleSchedule, manager: 'user' });
    expect(service.text).not.toMatch(/network|Environment/);
  });

  it('a calendar of your own is kept to the second', () => {
    const { timer } = unitFiles({ ...sampleSchedule, calendar: 'Mon..Fri 04:00' });
    expect(timer.text).toContain('\nOnCalendar=Mon..Fri 04:00\nAccuracySec=1s\n');
    expect(timer.text).not.toContain('RandomizedDelaySec');
  });

  it('a passphrase is handed over by systemd; only the name of its file is reported', () => {
    const { service } = unitFiles({ ...sampleSchedule, passphraseFile: '/root/a pass%' });
    expect(service.text).toContain('\nLoadCredential=provision-ca-passphrase:/root/a pass%%\n');
  });

  it('a HOME with a blank is quoted', () => {
    expect(unitFiles({ ...sampleSchedule, home: '/home/a b' }).service.text).toContain(
      '\nEnvironment="HOME=/home/a b"\n',
    );
  });

  it('a line end in the name of a playbook does not become a setting', () => {
    const { service, timer } = unitFiles({ ...sampleSchedule, playbook: '/srv/a\nUser=eve.yml' });
    for (const { text } of [service, timer]) {
      expect(text).not.toMatch(/^User=/m);
      expect(playbookOf(text)).toBe('/srv/a\nUser=eve.yml');
    }
  });
});

describe('playbookOf', () => {
  it.each([
    ['', undefined],
    ['[Unit]\nDescription=other\n[X-Provision]\nPlaybook="/x"\n', undefined],
    [`${unitFiles(sampleSchedule).timer.text}`, '/srv/my lab/50%.yml'],
    [unitFiles(sampleSchedule).timer.text.replace(/Playbook=.*/, 'Playbook="/broken\\"'), ''],
    [unitFiles(sampleSchedule).timer.text.replace(/Playbook=.*/, ''), ''],
  ])('%j', (text, playbook) => {
    expect(playbookOf(text)).toBe(playbook);
  });
});
