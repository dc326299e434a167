import type { AnyResource } from '../../../src/resources/resource.ts';
import { resources } from './all-resources.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

const head = `# Resources

What a task can say. Written by a test from the schemas of \`src/resources/\` and of the domains; do not edit it by hand: \`npm run golden\`.

Each name also works as \`ansible.builtin.NAME\`, and as one of \`ansible.posix\`, \`community.general\`, \`community.crypto\`, \`community.docker\`, \`community.postgresql\` and \`community.mysql\`. Arguments are checked before the first connection: unknown ones and wrong
types are errors. \`yes\`, \`on\` and their like are read as true, one item as a list of one, \`a,b\` as a list of two.

Where they differ from Ansible's modules of the same name:
- Paths on a host are absolute; \`~\` is not expanded. Modes must be quoted.
- What was applied is looked at again: a task that does not reach its state fails, also a \`command\` with \`creates\` that creates nothing.
- \`apt\`: the package lists are fetched only when they are older than \`cache_valid_time\` *and* something depends on them, so a
  second run reports no change; another package manager's lock is waited for, five minutes if nothing else is said.
- \`template\` into a directory drops \`.j2\` from the name. A new file without \`mode\` gets 0644, a directory 0755, whatever the
  umask; a new file with a private key in it 0600.
- \`copy\` with \`remote_src\`: a new copy of a file is as private as its source.
- \`lineinfile\` does not add a line that is there already, even when \`regexp\` misses it. Regular expressions are those of
  JavaScript; Python's named groups, \`\\A\`, \`\\Z\` and leading flags are understood.
- \`command\` expands no \`$VARIABLE\`; \`shell\` does. \`start\`, \`end\` and \`delta\` are measured on the control node, in its time zone.
- \`stat\` gives \`mimetype\` and \`charset\` only with \`get_mime: true\`, \`attributes\` only with \`get_attributes: true\`: each is a program
  more. Reading them elsewhere is refused beforehand.
- \`service\` and \`systemd\` need systemd, \`apt\` needs apt. Elsewhere they say so. \`package\` takes the manager of the host. No system with dnf, apk, pacman or zypper is in
  the lab: these modules are tested with stand-ins for the programs. A service that runs for a
  moment only (\`Type=oneshot\`) is never found started: \`state: restarted\` runs it each time. A unit that has failed right after its start fails the task.
- \`user\`: \`create_home\` makes the missing home of an account that exists only when it is written.
- \`cron\` refuses a job of several lines; a comment whose job was lost gets its job back. A failed play puts the crontab back where its file
  may be read, which is root's right.
- \`hostname\` does not look the name up; \`ansible_hostname\` and its like stay as they were until \`setup\` is asked again. What \`use\` names of
  other systems than Linux is refused.
- \`pause\` without \`seconds\` and \`minutes\` fails: nobody is asked. \`wait_for_connection\` only waits its \`delay\`: a host is connected to before its
  first task. \`package_facts\` knows dpkg only and gives no \`origin\`; \`service_facts\` knows systemd only.
- \`uri\` needs curl on the host. A plan asks with GET, HEAD and OPTIONS only. \`src\` is a file of the host; \`dest\` is \`get_url\`.
- \`git\` with \`clone: false\` and nothing there is ok, not changed. \`accept_hostkey\` never accepts a key that has changed.
- \`find\` does not look into files: there is no \`contains\`.
- \`unarchive\` also sees contents that differ, and a plan says so of every kind of archive. An archive of the control node travels each time it is compared.
- \`apt_repository\` leaves all lines alone that are not about the repository. \`apt_key\` without \`keyring\` writes a file of its own into
  trusted.gpg.d, for apt of Debian 13 does not read trusted.gpg. \`known_hosts\` with \`hash_host\` makes the same line each time.
- \`script\` and \`unarchive\` whose \`creates\` is there end ok, not skipped.
- \`pip\` asks pip itself (\`--dry-run\`) what \`requirements\`, \`state: latest\` and addresses would install, so a plan and a second run know. A pip that is older than
  22.2 cannot say it: such a task is then run each time. Where \`virtualenv\` is missing \`python3 -m venv\` makes the environment.
- \`alternatives\` has no \`family\`. \`locale_gen\` needs /etc/locale.gen; \`modprobe\` asks the kernel's list of built-in modules, too.
- \`set_stats\` puts its values into the result of the task; there is no summary of them.
- \`timezone\` writes /etc/localtime, and /etc/timezone where it is there; it needs no timedatectl. \`fetch\` takes files up to 16 MiB, and makes a new file with
  a private key in it 0600. \`assemble\` joins a directory of the host only (\`remote_src: true\`, the default).
- \`reboot\` fails where the host is the control node, in a plan too; \`connect_timeout\` has no effect. \`iptables\` with \`flush\` is changed only where there are rules; a chain
  that is missing is refused. \`ufw\` reports what it would alter, whether it is enabled or not.
- \`acl\` has no entries of NFSv4. \`openssh_keypair\` takes no passphrase, which other users of the host could read, and writes keys as OpenSSH has them.
- \`htpasswd\` writes apr_md5_crypt, md5_crypt, ldap_sha1 and plaintext; a password that is written down in another way counts as another one. \`openssl_privatekey\`
  needs the host's openssl, and returns no key.
- \`lvol\` with a signed \`size\`, and \`filesystem\` with \`force\`, are changed each time. \`lvg\`, \`lvol\` and \`gem\` are tested with stand-ins.
- \`postgresql_db\` and \`postgresql_user\` need psql on the host, not Python's library; \`postgresql_user\` has no \`priv\`.
- \`mysql_db\` and \`mysql_user\` need mysql (mariadb) on the host. \`mysql_user\` compares passwords as mysql_native_password has them: of another plugin each counts as
  another one. It has no plugins, no \`tls_requires\` and no \`resource_limits\`.
- \`openssl_csr\` and \`x509_certificate\` need the host's openssl. They know no dirName and no issuer by name, \`x509_certificate\` no provider but selfsigned and ownca.
- The modules of Docker need the program docker, not Python's library; of its connection they take \`docker_host\` and \`api_version\`.
- \`docker_container\` with \`pull: always\`, \`docker_image\` with \`force_source\` and \`docker_compose_v2\` with \`pull: always\` ask the registry with buildx what it has, and are
  changed each time where that is missing. A plan names variables of a container's environment, not their values. \`push\` and \`build: always\` are changed each time.
- \`docker_compose_v2\` needs Compose 2.18, whose \`--dry-run\` says what would be done.
- \`npm\` without \`name\` is changed only where something of package.json is missing; \`latest\` upgrades as far as package.json allows, and is ok when that is done.
- \`archive\` is changed when the archive would have other bytes, uncompressed, than the one that is there; so one that Ansible made is made once more. It leaves itself
  out. It needs GNU tar, or zip and unzip, on the host.
- \`synchronize\` needs rsync on the control node and on the host. It goes over the connection of the run: keys of hosts are always checked, and become may ask for a password. With
  \`rsync_path\` nobody is become, as there. \`~\` on the host is the home of who is become. \`delegate_to\` takes the control node and the host itself; two hosts are refused,
  and so is \`--rsh\`. A plan runs nothing of \`rsync_path\` but rsync. With \`link_dest\` it is changed where any file is. \`rollback\` puts nothing of it back.
- \`debug\` with a \`verbosity\` above 0 only registers its message.
`;

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map(String).join(', ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.type === 'object' || schema.patternProperties) return 'mapping';
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    null: 'nothing',
  };
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.map((type) => names[type] ?? type).join(' or ') || 'anything';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function row(name: string, schema: Schema, required: boolean): string {
  const fallback =
    schema.default === undefined || schema.default === '' ? '' : `\`${JSON.stringify(schema.default)}\``;
  const cells = [
    `\`${name}\`${required ? ' (needed)' : ''}`,
    typeOf(schema),
    fallback,
    schema.description ?? '',
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function facts(resource: AnyResource): readonly string[] {
  const lines: string[] = [];
  if (resource.aliases?.length)
    lines.push(`Also called ${resource.aliases.map((name) => `\`${name}\``).join(', ')}.`);
  if (resource.freeform) lines.push(`A plain text stands for \`${resource.freeform}\`.`);
  if (resource.kind === 'control') lines.push('Decided on the control node; nothing is sent to the host.');
  if (resource.kind === 'exchange') lines.push('One host listens while the hosts of the play send.');
  if (resource.kind === 'host' && resource.effect === 'read') lines.push('Changes nothing.');
  if (resource.gives) lines.push(`Registers ${resource.gives.map((key) => `\`${key}\``).join(', ')}.`);
  return lines;
}

function section(resource: AnyResource): string {
  const { properties = {}, required = [], additionalProperties } = resource.schema as Schema;
  const rows = Object.entries(properties).map(([name, schema]) =>
    row(name, schema, required.includes(name) && schema.default === undefined),
  );
  const open = additionalProperties === false ? [] : ['Any other key is taken too.'];
  const table =
    rows.length > 0
      ? ['| argument | type | default | meaning |', '|---|---|---|---|', ...rows]
      : ['No arguments.'];
  const shown = [...facts(resource), ...open].join(' ');
  return [`## ${resource.name}`, `${resource.summary}.${shown === '' ? '' : ` ${shown}`}`, '', ...table].join(
    '\n',
  );
}

/** The text of docs/resources.md as the schemas have it now. */
export function resourceReference(): string {
  const all = [...new Set(resources.values())].toSorted((one, other) =>
    one.name.localeCompare(other.name, 'en'),
  );
  return `${head}\n${all.map(section).join('\n\n')}\n`;
}
