import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Architecture, nodeRelease } from './node-release.ts';
import { packageFacts, stage } from './staging.ts';

/** Texts that are made for a package, by their path in the system. */
export type MadeFiles = Readonly<Record<string, string>>;

const home = '/usr/lib/provision';
const program = `${home}/bin/node`;
const units = '/usr/lib/systemd/system';
const manual = '/usr/share/doc/provision';

/** Builds a Debian package that brings its own Node; gives its path. */
export function debianPackage(
  root: string,
  output: string,
  work: string,
  architecture: Architecture,
  made: MadeFiles,
): string {
  const facts = packageFacts(root);
  const tree = join(work, architecture);
  const node = nodeRelease(root, architecture, work);
  stage(root, join(tree, home), ['dist', 'roles', 'playbooks', 'docs/errors.md']);
  mkdirSync(join(tree, dirname(program)));
  cpSync(node.program, join(tree, program));
  ownNode(join(tree, home, 'dist/cli/main.js'));
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  symlinkSync(`..${home.slice('/usr'.length)}/dist/cli/main.js`, join(tree, 'usr/bin/provision'));
  mkdirSync(join(tree, 'usr/share/provision'), { recursive: true });
  symlinkSync(`../..${home.slice('/usr'.length)}/dist/schemas`, join(tree, 'usr/share/provision/schemas'));
  for (const part of ['docs', 'README.md', 'CHANGELOG.md']) {
    cpSync(join(root, part), join(tree, manual, part), { recursive: true });
  }
  const unit = 'provision-worker@.service';
  mkdirSync(join(tree, units), { recursive: true });
  cpSync(join(import.meta.dirname, unit), join(tree, units, unit));
  const licences = ['LICENSE', 'dist/THIRD-PARTY.txt'].map((file) => readFileSync(join(root, file), 'utf8'));
  const files = {
    ...made,
    [`${manual}/copyright`]: [...licences, `Node ${node.version}\n\n${node.licence}`].join('\n\n'),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), path.endsWith('.gz') ? gzipSync(text) : text);
  }
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
  mkdirSync(join(tree, 'DEBIAN'), { mode: 0o755 });
  writeFileSync(join(tree, 'DEBIAN/control'), control(facts.version, architecture, sizeOf(tree)), {
    mode: 0o644,
  });
  const file = join(output, `provision_${facts.version}_${architecture}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, file]);
  return file;
}

// The Node that comes with it, whatever else is installed; the kernel starts it without a shell in between.
function ownNode(main: string): void {
  const text = readFileSync(main, 'utf8');
  const [first = ''] = text.split('\n', 1);
  if (!first.startsWith('#!')) throw new Error(`${main} does not begin with #!`);
  writeFileSync(main, `#!${program}${text.slice(first.length)}`);
}

function sizeOf(tree: string): number {
  return Number.parseInt(execFileSync('du', ['-sk', tree], { encoding: 'utf8' }), 10);
}

// As Debian's own tools take it: whoever hands out a package says where he can be reached.
function maintainer({ DEBFULLNAME: name, DEBEMAIL: address }: NodeJS.ProcessEnv): string {
  return `${name || 'The provision project'} <${address || `root@${hostname()}`}>`;
}

function control(version: string, architecture: Architecture, kibibytes: number): string {
  return `Package: provision
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer(process.env)}
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28), libstdc++6 (>= 8), libgcc-s1
Recommends: openssh-client
Section: admin
Priority: optional
Description: set up hosts over SSH, and a log server that receives syslog over TLS
 Agentless provisioning: playbooks in Ansible's words, checked before the first
 connection, and one round trip per batch. Hosts need an sshd and a POSIX sh.
 .
 It brings its own Node.
`;
}
