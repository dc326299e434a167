import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';
import { SshdLab } from '../../helpers/transport/real-sshd.ts';

const project = emptyProject();
const mib = 1024 * 1024;
let lab: SshdLab;
let port: number;

beforeAll(async () => {
  lab = new SshdLab();
  // Its sudo becomes nobody, and says who was wanted.
  mkdirSync(lab.path('bin'));
  const sudo = `#!/bin/sh
while [ "$1" != -- ]; do [ "$1" != -u ] || user=$2; shift; done
shift
BECOME=$user exec "$@"
`;
  writeFileSync(lab.path('bin/sudo'), sudo, { mode: 0o755 });
  const own = `SetEnv PATH=${lab.path('bin')}:${process.env.PATH} HOME=${lab.folder} PROVISION_STATE=${lab.path('state')} PROVISION_RUN=${lab.path('run')}`;
  port = await lab.start('a', [own]);
});
afterAll(() => lab.stop());

/** A play over a real sshd, whose host is this machine all the same. */
const overSsh = (...tasks: readonly string[]) => `- hosts: all
  gather_facts: false
  vars: { ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: ${port} }
  tasks:
${tasks.map((task) => `    - ${task}\n`).join('')}`;

const here = (...tasks: readonly string[]) =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;

function options() {
  const known = lab.write('known_hosts', lab.knownHost('a', port));
  const config = [
    `IdentityFile ${lab.path('client')}`,
    'IdentityAgent none',
    `UserKnownHostsFile ${known}`,
    'GlobalKnownHostsFile /dev/null',
    `User ${lab.user}`,
  ];
  return { connect: { sshConfigFile: lab.write('ssh_config', `${config.join('\n')}\n`) } };
}

/** The arguments of a task, with both paths where they are not among them. */
function withPaths(argument: string): string {
  const paths = ['src: tree', 'dest: DIR/there'].filter(
    (path) => !new RegExp(`\\b${path.split(':')[0]}:`).test(argument.replace('link_dest', '')),
  );
  return [...paths, argument].join(', ');
}

/** A tree with what names and contents may be. */
function tree(): void {
  mkdirSync(project.path('files/tree/sub'), { recursive: true });
  writeFileSync(project.path('files/tree/plain'), 'one\n');
  writeFileSync(project.path('files/tree/sub/it\'s $(name) "here"'), randomBytes(4 * mib));
  symlinkSync('plain', project.path('files/tree/link'));
}

const all = (directory: string) => readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();

describe('over ssh', () => {
  test('a tree is pushed as it is, once; what is not in it goes with delete', async () => {
    tree();
    const task = '{ name: Push, ansible.posix.synchronize: { src: tree/, dest: DIR/there, delete: true } }';
    const planned = await project.run(overSsh(task), { ...options(), check: true });
    expect(planned.results[0]).toMatchObject({
      status: 'changed',
      changes: [
        { attribute: './', from: 'absent', to: 'directory' },
        { attribute: 'link -> plain', from: 'absent', to: 'link' },
        { attribute: 'plain', from: 'absent', to: 'file' },
        { attribute: 'sub/', from: 'absent', to: 'directory' },
        { attribute: `sub/it's $(name) "here"`, from: 'absent', to: 'file' },
      ],
    });
    expect(existsSync(project.path('there'))).toBe(false);
    expect((await project.run(overSsh(task), options())).lines).toEqual(['a Push changed']);
    expect(all(project.path('there'))).toEqual(all(project.path('files/tree')));
    expect((await project.run(overSsh(task), options())).lines).toEqual(['a Push ok']);
    writeFileSync(project.path('there/extra'), '');
    const { results } = await project.run(overSsh(task), options());
    expect(results[0]?.changes).toContainEqual({ attribute: 'extra', from: 'file', to: 'absent' });
    expect(all(project.path('there'))).toEqual(all(project.path('files/tree')));
  });

  test('a tree is pulled, beside the playbook', async () => {
    tree();
    const task = '{ name: Pull, synchronize: { src: DIR/files/tree, dest: got/, mode: pull }, register: it }';
    const show =
      '{ name: Show, debug: { msg: "{{ it.msg }}|{{ it.cmd }}|{{ it.rc }}|{{ it.stdout_lines[-1] }}" } }';
    const { lines, results } = await project.run(overSsh(task, show), options());
    expect(lines).toEqual(['a Pull changed', 'a Show ok']);
    expect(results[1]?.message).toMatch(
      /\|rsync --delay-updates -F --compress --archive '--out-format=\S+ \S+' a:\S+\/files\/tree \S+\/got\/\|0\|>f\+{9} tree\/sub\/it's/,
    );
    expect(all(project.path('got/tree'))).toEqual(all(project.path('files/tree')));
    // More than fits into any pipe on the way, and nothing that compression makes small.
    const large = `sub/it's $(name) "here"`;
    const sent = readFileSync(project.path('files/tree', large));
    expect(readFileSync(project.path('got/tree', large)).equals(sent)).toBe(true);
    expect((await project.run(overSsh(task), options())).lines).toEqual(['a Pull ok']);
  });

  test('delegated to the control node it is the same, to its own host both paths are there', async () => {
    tree();
    const { lines } = await project.run(
      overSsh(
        '{ name: Push, synchronize: { src: tree, dest: DIR/one/ }, delegate_to: localhost }',
        '{ name: There, synchronize: { src: DIR/one/, dest: DIR/two }, delegate_to: "{{ inventory_hostname }}" }',
      ),
      options(),
    );
    expect(lines).toEqual(['a Push changed', 'a There changed']);
    expect(all(project.path('two/tree'))).toEqual(all(project.path('files/tree')));
  });

  test('a host without rsync, and a source that is not there, are said in words', async () => {
    tree();
    const push = (more: string) =>
      `{ name: Push, synchronize: { src: tree, dest: DIR/there${more} }, ignore_errors: true }`;
    const { results } = await project.run(
      overSsh(push(', rsync_path: DIR/none/rsync'), push(', src: missing').replace('src: tree, ', '')),
      options(),
    );
    expect(results.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /none\/rsync: not found\nrsync must be on the control node and on the host; .*apt: \{ name: rsync \}/,
      ),
      expect.stringContaining('/missing" failed: No such file or directory'),
    ]);
  });

  test('a plan runs nothing of rsync_path but rsync, an apply all of it', async () => {
    tree();
    const task =
      '{ name: Push, synchronize: { src: tree, dest: DIR/deep/er/, rsync_path: mkdir -p DIR/deep && rsync } }';
    expect((await project.run(overSsh(task), { ...options(), check: true })).lines).toEqual([
      'a Push changed',
    ]);
    expect(existsSync(project.path('deep'))).toBe(false);
    expect((await project.run(overSsh(task), options())).lines).toEqual(['a Push changed']);
    expect(existsSync(project.path('deep/er/tree/plain'))).toBe(true);
  });

  test('the other end is begun by the user of the task, but for one with rsync_path, as with Ansible', async () => {
    tree();
    const rsync = execFileSync('sh', ['-c', 'command -v rsync'], { encoding: 'utf8' }).trim();
    mkdirSync(project.path('there'));
    writeFileSync(
      lab.path('bin/rsync'),
      `#!/bin/sh\necho "\${BECOME-nobody}" >>${project.directory}/seen\nexec ${rsync} "$@"\n`,
      { mode: 0o755 },
    );
    const task = (more: string) =>
      `{ name: Push, become: true, become_user: app, synchronize: { src: tree, dest: DIR/there/${more} } }`;
    const { lines } = await project.run(
      overSsh(task('a'), task(`b, rsync_path: ${lab.path('bin/rsync')}`)),
      options(),
    );
    rmSync(lab.path('bin/rsync'));
    expect(lines).toEqual(['a Push changed', 'a Push changed']);
    expect(readFileSync(project.path('seen'), 'utf8')).toBe('app\napp\nnobody\nnobody\n');
  });

  test('one that hangs ends with the timeout of its task', async () => {
    tree();
    const task =
      '{ name: Push, timeout: 1, synchronize: { src: tree, dest: DIR/there, rsync_path: sleep 600 && rsync } }';
    const slow = task.replace('sleep 600 && rsync', 'DIR/slow');
    project.write('slow', '#!/bin/sh\nexec sleep 600\n');
    const { results } = await project.run(
      overSsh(`{ name: Mode, file: { path: DIR/slow, mode: "0755" } }`, slow),
      options(),
    );
    expect(results[1]).toMatchObject({
      status: 'failed',
      message: 'rsync did not end within 1 s (timeout), and was ended on both sides',
    });
  });
});

describe('on the control node itself', () => {
  test('both paths are its own, and options mean what they mean to Ansible', async () => {
    tree();
    mkdirSync(project.path('prior'));
    writeFileSync(project.path('prior/plain'), 'one\n');
    utimesSync(project.path('prior/plain'), 1_000_000, 1_000_000);
    utimesSync(project.path('files/tree/plain'), 1_000_000, 1_000_000);
    const { lines } = await project.run(
      here(
        '{ name: Flat, synchronize: { src: tree/, dest: DIR/flat, recursive: false, dirs: true } }',
        '{ name: Without, synchronize: { src: tree/, dest: DIR/without, rsync_opts: ["--exclude=sub", "--exclude \'li*\'"] } }',
        '{ name: Linked, synchronize: { src: tree/, dest: DIR/linked, link_dest: DIR/prior } }',
        '{ name: Again, synchronize: { src: tree/, dest: DIR/linked, link_dest: DIR/prior } }',
        '{ name: Existing, synchronize: { src: tree/, dest: DIR/prior, existing_only: true, times: false, checksum: true } }',
      ),
    );
    expect(lines).toEqual([
      'a Flat changed',
      'a Without changed',
      'a Linked changed',
      'a Again ok',
      'a Existing ok',
    ]);
    expect(all(project.path('flat'))).toEqual(['link', 'plain', 'sub']);
    expect(all(project.path('without'))).toEqual(['plain']);
    expect(statSync(project.path('linked/plain')).nlink).toBe(2);
    expect(readFileSync(project.path('prior/plain'), 'utf8')).toBe('one\n');
  });

  test.each([
    ['rsync_opts: ["-ave ssh"]', 'rsync_opts cannot be used: --rsh has no use'],
    ['rsync_opts: ["--rsh=ssh -p 1"]', 'rsync_opts cannot be used: --rsh has no use'],
    [`rsync_opts: ["--exclude='a"]`, 'rsync_opts cannot be used: a quote is not closed'],
    ['src: "other:/srv"', 'src cannot be used: it names a host'],
    ['src: "rsync://a/b", dest: "rsync://c/d"', 'src cannot be used: either src or dest must be a localhost'],
  ])('what cannot be meant is refused when the playbook is read: %s', async (argument, message) => {
    const text = here(`{ name: Push, synchronize: { ${withPaths(argument)} } }`);
    await expect(project.run(text)).rejects.toThrow(message);
  });

  test('what cannot be meant where the task stands fails there, and nothing is sent', async () => {
    tree();
    const push = (argument: string, more = '') =>
      `{ name: Push, ignore_errors: true, synchronize: { ${withPaths(argument)} }${more} }`;
    const linked = await project.run(here(push('link_dest: DIR')));
    expect(linked.results[0]?.message).toContain(`/there lies inside of ${project.directory}: linking there`);
    const { results } = await project.run(
      overSsh(push('dest_port: 1'), push('archive: true', ', delegate_to: b')),
      { ...options(), hosts: 2, limit: 'a' },
    );
    expect(results.map(({ message }) => message)).toEqual([
      `dest_port: a is connected to at port ${port}; write ansible_port into the inventory`,
      expect.stringContaining('files do not travel from one host to another'),
    ]);
    expect(existsSync(project.path('there'))).toBe(false);
  });
});
