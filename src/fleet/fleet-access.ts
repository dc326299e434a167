import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { thrownText } from '../errors/thrown-text.ts';
import { FleetError } from './fleet-error.ts';

/** What a machine of the fleet has: where the database is, and the key that the database never sees. */
export interface FleetAccess {
  /** postgres://... */
  readonly database: string;
  /** An age identity: AGE-SECRET-KEY-1... */
  readonly key: string;
}

/** The file with the fleet's access: PROVISION_FLEET, else below the user's configuration. */
export function accessFile(env: NodeJS.ProcessEnv = process.env): string {
  const { PROVISION_FLEET: named, XDG_CONFIG_HOME: config, HOME: home } = env;
  if (named) return resolve(named);
  return join(config || join(home || homedir(), '.config'), 'provision/fleet.json');
}

/** Reads the access; throws FleetError when there is none, or others may read it. */
export function readAccess(file = accessFile()): FleetAccess {
  if (!existsSync(file))
    throw new FleetError(
      `this machine belongs to no fleet: there is no ${file}`,
      'run `provision fleet init postgres://...` once, and copy the file that it writes to the other machines',
    );
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new FleetError(
      `${file} cannot be read: ${thrownText(error)}`,
      'copy it again from another machine of the fleet',
    );
  }
  const { database, key } = { ...(read as Partial<FleetAccess>) };
  if (typeof database === 'string' && typeof key === 'string' && key.startsWith('AGE-SECRET-KEY-1'))
    return { database, key };
  throw new FleetError(
    `${file} has no database and key of a fleet`,
    'copy it again from another machine of the fleet',
  );
}

/** Writes the access, for its owner alone. */
export function writeAccess(access: FleetAccess, file = accessFile()): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(access, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
