import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { resources } from '../../helpers/resources/all-resources.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

type Row = readonly [args: (directory: string) => object, extra?: object];

const file = (directory: string) => join(directory, 'file');
const rendered = { source_file: { path: '/a.j2', content: Buffer.from('new') } };
const program = { source_file: { path: '/a.sh', content: Buffer.from('#!/bin/sh\necho a\n') } };

// What is tried on this machine.
const rows: Readonly<Record<string, readonly Row[]>> = {
  command: [[() => ({ cmd: 'echo a' })]],
  shell: [[() => ({ cmd: 'echo a; exit 3' })]],
  raw: [[() => ({ cmd: 'echo a' })]],
  script: [[() => ({ cmd: 'a.sh' }), program]],
  stat: [
    [(own) => ({ path: file(own), get_mime: true, get_attributes: true })],
    [(own) => ({ path: join(own, 'link') })],
  ],
  slurp: [[(own) => ({ src: file(own) })]],
  find: [[(own) => ({ paths: [own, '/nowhere'] })]],
  tempfile: [[(own) => ({ path: own })]],
  copy: [
    [(own) => ({ content: 'a', dest: file(own), backup: true })],
    [(own) => ({ src: join(own, 'link'), dest: file(own), remote_src: true })],
  ],
  template: [[(own) => ({ src: 'a.j2', dest: file(own), backup: true }), rendered]],
  assemble: [[(own) => ({ src: own, dest: file(own), backup: true })]],
  file: [
    [(own) => ({ path: file(own), mode: '0600' })],
    [(own) => ({ src: 'file', path: join(own, 'new'), state: 'link' })],
  ],
  lineinfile: [[(own) => ({ path: file(own), regexp: 't', state: 'absent', backup: true })]],
  blockinfile: [[(own) => ({ path: file(own), block: 'a', backup: true })]],
  replace: [[(own) => ({ path: file(own), regexp: 't', replace: 'a', backup: true })]],
  ini_file: [[(own) => ({ path: file(own), section: 'a', option: 'b', value: 'c', backup: true })]],
  known_hosts: [[(own) => ({ path: file(own), name: 'h', state: 'absent' })]],
  wait_for: [[(own) => ({ path: file(own), search_regex: 't' })]],
};

const sum = '0'.repeat(40);
const printed = `provision_backup=/a~\nchecksum_dest ${sum}\nchecksum_src ${sum}\n`;
const output = { code: 0, stdout: printed, stderr: '' };
const there = { kind: 'file', mode: 0o644, owner: 'a', uid: 1, group: 'b', gid: 1, size: 1 };
const packages = { known: [], lists: true, listsAge: 1, listsFetched: 1 };
const unit = [{ name: 'a', state: 'started', enabled: true }, { properties: [['Id', 'a']] }] as const;

// What would change this machine or needs another one: what a host may have answered.
const stated: Readonly<Record<string, readonly (readonly [want: object, have: object])[]>> = {
  apt: [[{ name: ['a'] }, packages]],
  package: [[{ name: ['a'] }, packages]],
  service: [unit],
  systemd: [unit],
  group: [[{ name: 'a' }, { gid: 1 }]],
  user: [
    [
      { name: 'a', generate_ssh_key: true },
      {
        entry: { name: 'a', uid: 1, gid: 1, home: '/a', shell: '/bin/sh', comment: '' },
        extras: { key: true, fingerprint: 'SHA256:a', publicKey: 'ssh-rsa a' },
      },
    ],
  ],
  git: [
    [
      { repo: 'a', dest: '/a' },
      { current: 'a', wanted: 'b', address: 'a' },
    ],
  ],
  get_url: [
    [
      { url: 'http://a', dest: '/a', checksum: `sha1:${'0'.repeat(40)}` },
      { target: '/a', stat: there, checksum: { name: 'sha1', hex: '0'.repeat(40) } },
    ],
  ],
  unarchive: [
    [
      { src: '/a', dest: '/b', list_files: true },
      { archive: { handler: 'a', files: [] }, stat: there },
    ],
  ],
  authorized_key: [[{ user: 'a', key: 'ssh-ed25519 AAAA' }, { file: '/a' }]],
  reboot: [[{}, {}]],
  synchronize: [
    [
      {
        src: '/a',
        dest: '/b',
        control_paths: { src: '/a', dest: '/b' },
        task_place: { host: 'h', directory: '/', local: false },
      },
      { output },
    ],
  ],
  async_status: [[{ jid: 'j1.1' }, { state: 'finished', code: 0, stdout: '', stderr: '' }]],
  cron: [
    [
      { name: 'a', job: 'b', cron_file: 'a', backup: true },
      { file: { stat: there, content: Buffer.from('') }, text: '' },
    ],
  ],
};

// Given where there is something to say; each has a test of its own beside its resource.
const rare: readonly string[] = ['keys', 'state', 'port', 'backup_file'];

function paths(value: unknown, prefix: string, declared: readonly string[]): readonly string[] {
  return Object.entries(value as object).flatMap(([key, below]) => {
    const path = `${prefix}${key}`;
    return declared.some((one) => one.startsWith(`${path}.`)) ? paths(below, `${path}.`, declared) : [path];
  });
}

async function given(resource: AnyHostResource, directory: string): Promise<readonly string[]> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(file(directory), 'text');
  symlinkSync('file', join(directory, 'link'));
  const results = (stated[resource.name] ?? []).map(([want, have]) =>
    resource.result?.(want, have, [output]),
  );
  const host = new ShellHost();
  for (const [args, extra] of rows[resource.name] ?? [])
    results.push((await host.apply(resource, args(directory), extra)).result);
  return results.flatMap((result) => paths(result, '', resource.gives ?? []));
}

describe('what a resource says that it registers', () => {
  const fresh = scratch();
  const names = Object.keys({ ...rows, ...stated });

  test.each(names)('%s', async (name) => {
    const resource = resources.get(name) as AnyHostResource;
    const gives = [...(resource.gives ?? []), ...Object.values(resource.givesWith ?? {}).flat()];
    const keys = await given(resource, fresh());
    expect(keys.filter((key) => ![...gives, 'msg', 'changed'].includes(key))).toEqual([]);
    expect(gives.filter((key) => ![...keys, ...rare].includes(key))).toEqual([]);
  });

  test('each resource that says it is tried here', () => {
    const declaring = [...new Set(resources.values())].filter(({ gives }) => gives).map(({ name }) => name);
    expect(declaring.toSorted()).toEqual(names.toSorted());
  });
});
