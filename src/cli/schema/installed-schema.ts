import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Written when it is built.
const own = fileURLToPath(new URL('../../../dist/schemas/playbook.schema.json', import.meta.url));
// Where a Debian package leads to it: a path that outlives what is inside the package.
const shared = '/usr/share/provision/schemas/playbook.schema.json';

/** Where the schema of playbooks lies on this machine; undefined where nothing is built. */
export function installedSchema(): string | undefined {
  if (!existsSync(own)) return undefined;
  return existsSync(shared) && realpathSync(shared) === realpathSync(own) ? shared : own;
}
