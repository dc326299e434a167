import type { Schedule } from '../../../src/schedule/schedule.ts';

/** A schedule whose paths have what units must quote. */
export const sampleSchedule: Schedule = {
  name: 'provision-lab',
  playbook: '/srv/my lab/50%.yml',
  command: [
    '/usr/bin/node',
    '/opt/provision/main.js',
    'schedule',
    '/srv/my lab/50%.yml',
    '--run',
    '--limit=$x',
  ],
  directory: '/srv/my lab',
  home: '/root',
  calendar: undefined,
  passphraseFile: undefined,
  manager: 'system',
};
