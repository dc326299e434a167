/** A file in which a system keeps its name over a boot. */
export interface NameFile {
  readonly path: string;
  /** The name in there; undefined when there is none. */
  read(text: string): string | undefined;
  /** The text with the name in its place; all else stays. */
  write(text: string, name: string): string;
}

function wholeFile(path: string): NameFile {
  return {
    path,
    read: (text) =>
      text
        .split('\n')
        .find((line) => line.trim() !== '' && !line.startsWith('#'))
        ?.trim(),
    write: (_text, name) => `${name}\n`,
  };
}

// A file of settings for a shell; only the one line is ours.
function setting(path: string, key: string, quoted: boolean): NameFile {
  const own = new RegExp(`^[ \\t]*${key}=(.*)$`, 'm');
  return {
    path,
    read: (text) =>
      own
        .exec(text)?.[1]
        ?.trim()
        .replace(/^(["'])(.*)\1$/, '$2') || undefined,
    write(text, name) {
      const line = `${key}=${quoted ? `"${name}"` : name}`;
      if (own.test(text)) return text.replace(own, () => line);
      return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
    },
  };
}

const hostnameFile = wholeFile('/etc/hostname');

/** How a name is set, in the words of Ansible's argument `use`; undefined where nothing keeps it over a boot. */
export const nameFiles: Readonly<Record<string, NameFile | undefined>> = {
  systemd: hostnameFile,
  debian: hostnameFile,
  alpine: hostnameFile,
  redhat: setting('/etc/sysconfig/network', 'HOSTNAME', false),
  sles: wholeFile('/etc/HOSTNAME'),
  openrc: setting('/etc/conf.d/hostname', 'hostname', true),
  generic: undefined,
};

/** Systems that Ansible's `use` names and that a host cannot be. */
export const foreignSystems = ['freebsd', 'openbsd', 'solaris', 'macos', 'macosx', 'darwin'] as const;
