import type { Schedule } from './schedule.ts';
import { stateParent } from './service-manager.ts';
import { barePath, commandLine, quotedWord } from './unit-word.ts';

/** One unit file. */
export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/** First line of what we made; nothing without it is ever overwritten or removed. */
const marker = '# Made by `provision schedule`: change it with the same command, take it away with --remove.';

/** The service and the timer of a schedule. Its directory and passphrase file must fit (`fitsBare`). */
export function unitFiles(schedule: Schedule): { readonly service: UnitFile; readonly timer: UnitFile } {
  const { name } = schedule;
  return {
    service: { name: `${name}.service`, text: serviceText(schedule) },
    timer: { name: `${name}.timer`, text: timerText(schedule) },
  };
}

/** The playbook that a unit file of ours serves; undefined when it is not of ours. */
export function playbookOf(text: string): string | undefined {
  if (!text.startsWith(`${marker}\n`)) return undefined;
  const quoted = /^Playbook=(".*")$/m.exec(text)?.[1];
  try {
    return quoted === undefined ? '' : String(JSON.parse(quoted));
  } catch {
    return '';
  }
}

function serviceText({
  name,
  playbook,
  command,
  directory,
  home,
  passphraseFile,
  manager,
}: Schedule): string {
  const network = ['Wants=network-online.target', 'After=network-online.target'];
  return text([
    marker,
    '[Unit]',
    `Description=${description(playbook)}`,
    ...(manager === 'system' ? network : []),
    '# Somebody who tries it several times in a row is not refused.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=oneshot',
    'SyslogIdentifier=provision',
    `ExecStart=${commandLine(command)}`,
    `WorkingDirectory=${barePath(directory)}`,
    ...(manager === 'system' ? [`Environment=${quotedWord(`HOME=${home}`)}`] : []),
    ...(passphraseFile === undefined
      ? []
      : [`LoadCredential=provision-ca-passphrase:${barePath(passphraseFile)}`]),
    '# When each host was last reached.',
    `StateDirectory=${stateParent}/${name}`,
    'StateDirectoryMode=0700',
    '# 4: some host was not reached, but none for long.',
    'SuccessExitStatus=4',
    '# A run that is asked to stop finishes the steps in flight.',
    'KillMode=mixed',
    'TimeoutStopSec=5min',
    'TimeoutStartSec=2h',
    ...about(playbook),
  ]);
}

function timerText({ playbook, calendar }: Schedule): string {
  return text([
    marker,
    '[Unit]',
    `Description=${description(playbook)}`,
    '',
    '[Timer]',
    `OnCalendar=${calendar ?? 'daily'}`,
    ...(calendar === undefined ? ['RandomizedDelaySec=1h'] : ['AccuracySec=1s']),
    '# A run that was missed while the machine was off is made up for.',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    ...about(playbook),
  ]);
}

// systemd takes no notice of sections that begin with X-.
function about(playbook: string): readonly string[] {
  return ['', '[X-Provision]', `Playbook=${JSON.stringify(playbook)}`];
}

function description(playbook: string): string {
  const path = playbook.replace(/[\u0000-\u001f\u007f]/g, '?').replaceAll('%', '%%');
  return `Certificates of ${path}, when something is due`;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
