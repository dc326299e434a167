import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factScript, readParts } from '../../../src/resources/facts/fact-script.ts';
import { fullNameScript } from '../../../src/resources/facts/full-name.ts';
import { userScript } from '../../../src/resources/facts/user-script.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';
import { runTraced } from '../../helpers/shell/traced-shell.ts';

const fresh = scratch();

interface Files {
  readonly hosts?: string;
  readonly passwd?: string;
  readonly nsswitch?: string;
}

// What the scripts print where files of /etc say this; commands show that they were asked.
function shown(shell: (typeof shells)[number], { hosts = '', passwd = '', nsswitch = '' }: Files) {
  const directory = fresh();
  const paths: Readonly<Record<string, string>> = {
    '/etc/hosts': hosts,
    '/etc/passwd': passwd,
    '/etc/nsswitch.conf': nsswitch,
    '/proc/sys/kernel/hostname': 'desk\n',
    '/proc/self/status': 'Name:\tsh\nUid:\t1000\t1000\t1000\t1000\nGid:\t1001\t1\t1\t1\n',
  };
  let script = `${userScript}\n${fullNameScript}`;
  for (const [index, [path, text]] of Object.entries(paths).entries()) {
    writeFileSync(join(directory, String(index)), text);
    script = script.replaceAll(path, join(directory, String(index)));
  }
  const functions =
    'provision_part() { printf "\\n==> %s <==\\n" "$1"; }\ntimeout() { echo asked; }\ngetent() { echo asked; }';
  const { stdout } = runTraced(`${functions}\n${script}\n`, shell);
  const parts = readParts(stdout.toString());
  return { fqdn: parts.get('fqdn'), id: parts.get('id'), passwd: parts.get('passwd') };
}

const files = 'passwd:         files systemd\nhosts:\tfiles dns\n';

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test.each<[string, Files, string]>([
    ['its first name', { hosts: '127.0.0.1 localhost\n127.0.1.1\tdesk.lab desk\n' }, 'desk.lab'],
    ['the first line that names it', { hosts: '10.0.0.1 desk\n10.0.0.2 desk.lab desk # desk.x\n' }, 'desk'],
    ['no comment', { hosts: '10.0.0.1 x # desk\n#10.0.0.1 y desk\n10.0.0.1 * desk\n' }, '*'],
    ['another name than its own', { hosts: '10.0.0.1 desktop Desk\n' }, 'asked'],
    ['two kinds of addresses that differ', { hosts: '10.0.0.1 a desk\n::1 b desk\n' }, 'asked'],
    ['two kinds of addresses that agree', { hosts: '10.0.0.1 a desk\n::1 a desk\n' }, 'a'],
    ['another service first', { hosts: '10.0.0.1 a desk\n', nsswitch: 'hosts: resolve files\n' }, 'asked'],
    ['nothing', {}, 'asked'],
  ])('the full name where /etc/hosts has %s', (_what, given, fqdn) => {
    expect(shown(shell, { nsswitch: files, ...given }).fqdn).toBe(fqdn);
  });

  const ann = 'ann:x:1000:1001:Ann $(id) "A",\\n:/home/ann:/bin/sh';
  const many = Array.from({ length: 300 }, (_, n) => `u${n}:x:${n}:1::/:/bin/sh\n`).join('');
  test.each<[string, Files, string]>([
    ['the file has it', { passwd: `root:x:0:0::/:/bin/sh\n1000:x:1:1::/:/bin/sh\n${ann}\n` }, ann],
    ['nothing says which file counts', { passwd: `${ann}\n`, nsswitch: '' }, ann],
    ['the file lacks it', { passwd: 'root:x:0:0:1000:/:/bin/sh\n' }, 'asked'],
    ['the file is long', { passwd: `${many}${ann}\n` }, 'asked'],
    ['another service comes first', { passwd: `${ann}\n`, nsswitch: 'passwd: sss files\n' }, 'asked'],
  ])('the line of the user where %s', (_what, given, passwd) => {
    expect(shown(shell, { nsswitch: files, ...given })).toMatchObject({ id: '1000 1001', passwd });
  });

  test('all facts are reported with at most nine processes', () => {
    const { stdout, programs, forks } = runTraced(`( ${factScript(fresh())}\n) </dev/null\n`, shell);
    const parts = readParts(stdout.toString());
    expect(parts.get('/proc/sys/kernel/ostype')).toBe('Linux');
    // Of them uname, nproc, hostname and getent only where files do not say.
    if (programs !== undefined) {
      expect(programs).toBeLessThanOrEqual(9);
      expect(forks).toBeLessThanOrEqual(9);
    }
  });
});
