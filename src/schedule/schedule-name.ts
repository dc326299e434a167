import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** Name of a playbook's units: its file name, and a hash of its whole path, so that two `site.yml` have one each. */
export function scheduleName(playbook: string): string {
  const stem = basename(playbook).replace(/\.(ya?ml|json)$/i, '');
  const slug = stem
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  const hash = createHash('sha256').update(playbook).digest('hex').slice(0, 8);
  return ['provision', ...(slug === '' ? [] : [slug]), hash].join('-');
}

/** Why a name given by hand cannot be that of a unit; undefined when it can. */
export function nameComplaint(name: string): string | undefined {
  if (/\.(service|timer)$/.test(name))
    return 'leave out the ending: both a .service and a .timer get this name';
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name))
    return 'it may have letters, digits, `.`, `_` and `-`, at most 100, and begins with a letter or digit';
  return undefined;
}
