const command = 'use command, with creates, removes or changed_when to say when it changes something';
const copy = 'use copy or template to write the whole file, or lineinfile and blockinfile for parts of it';
const manager = 'use package, apt where the host is Debian or Ubuntu, or command';

/** Ansible's modules that are not there, with what to use instead. */
const modules: ReadonlyMap<string, string> = new Map([
  ['apt_rpm', manager],
  ['cronvar', 'use copy to write a file below /etc/cron.d'],
  ['docker_compose', command],
  ['dpkg_selections', 'use command with apt-mark'],
  ['expect', 'use command with an option that asks nothing, or stdin'],
  ['firewalld', command],
  ['pam_limits', 'use copy to write a file below /etc/security/limits.d'],
  ['parted', command],
  ['patch', copy],
  ['seboolean', command],
  ['selinux', command],
  ['snap', command],
  ['subversion', command],
  ['sysvinit', 'use service'],
  [
    'validate_argument_spec',
    "declare the role's variables in meta/schema.yml: they are checked before the first connection",
  ],
  ['win_command', 'hosts must have a POSIX sh'],
  ['win_copy', 'hosts must have a POSIX sh'],
  ['win_shell', 'hosts must have a POSIX sh'],
  ['xml', copy],
]);

/** What to use instead of an Ansible module that is not there; takes full names such as `community.general.ufw`. */
export function insteadOfModule(name: string): string | undefined {
  const known = modules.get(name.split('.').at(-1) ?? name);
  if (known) return known;
  if (name.startsWith('win_')) return 'hosts must have a POSIX sh';
  return /^\w+\.\w+\.\w+/.test(name)
    ? 'there are no collections; use command or the resource that does it'
    : undefined;
}

/** The modules of Ansible that are known not to be there, with what to use instead. */
export const unsupportedModules: ReadonlyMap<string, string> = modules;
