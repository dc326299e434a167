import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustBeConverged } from './converged.ts';
import { type Timed, timed } from './timed.ts';

type Playbook = 'home-lab.yml' | 'plain.yml';

/** Runs a playbook with Ansible, as fast as its settings make it, on the inventory of WORK. */
export function ansible(work: string, playbook: Playbook, ...options: readonly string[]): Timed {
  const path =
    playbook === 'plain.yml'
      ? join(work, 'playbooks', playbook)
      : join(import.meta.dirname, 'ansible', playbook);
  mkdirSync(sockets(work), { recursive: true, mode: 0o700 });
  const sshConfig = join(process.env.HOME ?? '', '.ssh/config');
  const set = ['-e', `work=${work}`, '-e', `proof=${randomUUID()}`];
  return timed('ansible-playbook', ['-i', join(work, 'inventory.yml'), ...set, ...options, path], {
    ANSIBLE_CONFIG: join(import.meta.dirname, 'ansible/ansible.cfg'),
    ANSIBLE_HOME: join(work, 'ansible'),
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets(work),
    ANSIBLE_SSH_ARGS: `-F ${sshConfig} -o ControlMaster=auto -o ControlPersist=60s`,
  });
}

/** The same on hosts where nothing is to be done; throws when something was. */
export function ansibleAgain(work: string, playbook: Playbook): Timed {
  const done = ansible(work, playbook);
  if (!/^h\d+ .*\bchanged=\d+/m.test(done.stdout))
    throw new Error(`Ansible printed no recap:\n${done.stdout}`);
  mustBeConverged(
    `Ansible, ${playbook}`,
    done.stdout.match(/^(changed: .*|h\d+ .*\bchanged=[1-9].*)$/gm) ?? [],
  );
  return done;
}

const sockets = (work: string): string => join(work, 'cp');

/** Ends the connections that Ansible left open, so that nothing measured afterwards shares the machine with them. */
export function hangUp(work: string): void {
  if (!existsSync(sockets(work))) return;
  for (const socket of readdirSync(sockets(work)))
    spawnSync('ssh', ['-o', `ControlPath=${join(sockets(work), socket)}`, '-O', 'exit', 'any']);
}
