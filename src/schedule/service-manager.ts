import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';

/** What schedules remember lies below a folder of their own: no name of a schedule can mean somebody else's. */
export const stateParent = 'provision-schedule';

/** Where a service manager finds units, and how it is spoken to. */
export interface SystemdPlace {
  readonly manager: 'system' | 'user';
  /** Folder of the unit files that an administrator or user writes. */
  readonly folder: string;
  /** Folders below which services may have their state; systemd before 254 keeps that of a user in another. */
  readonly stateFolders: readonly string[];
  /** Where it keeps when each timer last struck. */
  readonly stampFolder: string;
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The service manager of this machine (for root) or of the user who runs this. */
export function systemdPlace(uid: number | undefined, env: NodeJS.ProcessEnv = process.env): SystemdPlace {
  if (uid === 0) {
    return {
      manager: 'system',
      folder: '/etc/systemd/system',
      stateFolders: [join('/var/lib', stateParent)],
      stampFolder: '/var/lib/systemd/timers',
    };
  }
  const home = env.HOME || homedir();
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  const state = env.XDG_STATE_HOME || join(home, '.local/state');
  return {
    manager: 'user',
    folder: join(config, 'systemd/user'),
    stateFolders: [join(state, stateParent), join(config, stateParent)],
    stampFolder: join(env.XDG_DATA_HOME || join(home, '.local/share'), 'systemd/timers'),
  };
}

/** Speaks with a service manager through systemctl. */
export class ServiceManager {
  readonly place: SystemdPlace;

  constructor(place: SystemdPlace) {
    this.place = place;
  }

  /** `systemctl`, as a person would type it for this manager. */
  get words(): string {
    return this.place.manager === 'user' ? 'systemctl --user' : 'systemctl';
  }

  /** Runs systemctl; throws a ProvisionError with what it said when it fails. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ask(...args);
    if (code === 0) return stdout;
    if (/not been booted with systemd/.test(stderr)) throw noSystemd('PID 1 is something else');
    const bus = this.place.manager === 'user' && /connect to .*bus|No medium found/i.test(stderr);
    const { username } = userInfo();
    throw new ProvisionError([
      {
        code: 'systemd-refused',
        message: `\`${this.words} ${args.join(' ')}\` failed with code ${code}: ${stderr.trim() || stdout.trim()}`,
        ...(bus && {
          why: 'the service manager of a user runs only while that user is logged in, or has lingering on',
          hint: `log in as ${username} with ssh or at the console (not with su), or as root: \`loginctl enable-linger ${username}\``,
        }),
      },
    ]);
  }

  /** Runs systemctl for an answer that may be no; throws a ProvisionError where there is no systemd at all. */
  async ask(...args: readonly string[]): Promise<Answer> {
    const user = this.place.manager === 'user';
    const answer = await called('systemctl', [...(user ? ['--user'] : []), ...args], environment(user));
    if (answer) return answer;
    throw noSystemd('there is no systemctl');
  }

  /** Properties of units, one map each, in the order asked for. */
  async show(
    units: readonly string[],
    properties: readonly string[],
  ): Promise<readonly ReadonlyMap<string, string>[]> {
    if (units.length === 0) return [];
    const text = await this.must('show', `--property=${properties.join(',')}`, '--', ...units);
    return text.split(/\n\n+/).map((block) => {
      const pairs = block.split('\n').filter((line) => line.includes('='));
      return new Map(
        pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );
    });
  }
}

/** When a calendar expression comes next, in systemd's words; undefined when systemd-analyze is not there to ask. */
export async function nextElapse(
  calendar: string,
): Promise<{ readonly next?: string; readonly refused?: string } | undefined> {
  const answer = await called('systemd-analyze', ['calendar', '--', calendar], environment(false));
  if (!answer) return undefined;
  if (answer.code !== 0) return { refused: answer.stderr.trim().split('\n').at(-1) ?? '' };
  const next = /^ *Next elapse: (.*)$/m.exec(answer.stdout)?.[1];
  return next === undefined ? {} : { next };
}

function noSystemd(why: string): ProvisionError {
  return new ProvisionError([
    {
      code: 'no-systemd',
      message: `this machine does not run systemd: ${why}`,
      hint: 'let cron run `provision schedule PLAYBOOK --run`: it does what the timer would do',
    },
  ]);
}

// Logins without a session (su, cron) leave XDG_RUNTIME_DIR out, though the manager runs.
function environment(user: boolean): NodeJS.ProcessEnv {
  const runtime = `/run/user/${userInfo().uid}`;
  const found = user && process.env.XDG_RUNTIME_DIR === undefined && existsSync(runtime);
  return { ...process.env, LC_ALL: 'C', SYSTEMD_COLORS: '0', ...(found && { XDG_RUNTIME_DIR: runtime }) };
}

function called(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0, stdout, stderr });
      else if (error.code === 'ENOENT') resolve(undefined);
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else reject(error);
    });
  });
}
