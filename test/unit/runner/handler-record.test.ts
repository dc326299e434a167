import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import {
  handlerKeys,
  readHandlerRecords,
  rememberedScript,
  rememberScript,
} from '../../../src/runner/handler-record.ts';
import { dropScript, statePrelude } from '../../../src/runner/state-directories.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { LocalProject } from '../../helpers/runner/local-run.ts';
import { shells } from '../../helpers/shell/shells.ts';
import { watchedRun } from '../cli/watched-run.ts';

const fresh = scratch();

const text = (log: string, command: string) => `
inventory: { hosts: { me: { ansible_connection: local } } }
plays:
  - name: web
    hosts: me
    gather_facts: false
    tasks:
      - name: config
        copy: { dest: "{{ playbook_dir }}/config", content: x }
        notify: "restart it's\\ttwo"
      - name: trouble
        command: "${command}"
        changed_when: false
    handlers:
      - name: "restart it's\\ttwo"
        shell: echo ran >>{{ playbook_dir }}/${log}
`;

let host: LocalProject;
beforeEach(() => {
  host = new LocalProject().open();
});
afterEach(() => host.remove());

const apply = (name: string, command: string) =>
  watchedRun(host.write(`${name}/site.yml`, text('log', command)));
const ran = (name: string) => existsSync(host.path(name, 'log'));
const owed = () => readdirSync(host.path('state/handlers'));

describe('two projects that both have a site.yml', () => {
  test('neither runs nor forgets what the other owes, and warns of it', async () => {
    expect((await apply('one', 'false')).code).toBe(2);
    expect((await apply('other', 'false')).code).toBe(2);
    expect(owed()).toHaveLength(2);

    const second = await apply('other', 'true');
    expect(second.code).toBe(0);
    expect([ran('one'), ran('other')]).toEqual([false, true]);
    const [left = ''] = owed();
    expect(second.warnings).toEqual([
      `the handler 'restart it's two' of ${host.path('one/site.yml')} is still to be run: run that playbook again, or do it by hand and remove ${host.path('state/handlers', left)} on the host`,
    ]);

    const third = await apply('one', 'true');
    expect([third.code, third.warnings, ran('one')]).toEqual([0, [], true]);
    expect(existsSync(host.path('state'))).toBe(false);
  });
});

describe('what version 0.1.0 remembered', () => {
  const remember = (...name: readonly string[]) => {
    const key = createHash('sha256').update(name.join('\n')).digest('hex').slice(0, 32);
    host.write(`state/handlers/${key}`, '');
    return key;
  };

  test('is run by a playbook of that name, with a warning, and is forgotten then', async () => {
    remember('site.yml', '', "restart it's\ttwo");
    const { code, warnings } = await apply('one', 'true');
    expect(code).toBe(0);
    expect(warnings).toEqual([
      "handler 'restart it's\ttwo' was left undone by version 0.1.0, perhaps by another playbook of this name: it will run",
    ]);
    expect(ran('one')).toBe(true);
    expect(existsSync(host.path('state'))).toBe(false);
  });

  test('of another playbook stays, and is not kept quiet', async () => {
    const key = remember('other.yml', '', "restart it's\ttwo");
    const { code, warnings } = await apply('one', 'true');
    expect(code).toBe(0);
    expect(warnings).toEqual([
      `a handler of another playbook, noted by version 0.1.0, is still to be run: run that playbook again, or do it by hand and remove ${host.path('state/handlers', key)} on the host`,
    ]);
    expect(owed()).toEqual([key]);
  });
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('scripts, in %s', (_name, shell) => {
  test('remember handlers until they are dropped', async () => {
    const root = fresh();
    writeFileSync(join(root, 'site.yml'), text('log', 'true'));
    const options = {
      inventories: [],
      extraVars: [],
      limit: undefined,
      tags: [],
      skipTags: [],
      resources,
      filters,
    };
    const playbook = await loadPlaybook(join(root, 'site.yml'), options);
    const handlers = playbook.plays[0]?.handlers ?? [];
    const [key = ''] = handlers.map((handler) => handlerKeys(playbook, handler)[0]);
    const sh = (script: string) => {
      const input = `${statePrelude}\nprovision_state=${root}/state\n( ${script}\n)`;
      const { status, stdout, stderr } = spawnSync(shell[0], shell.slice(1), { input, encoding: 'utf8' });
      return { code: status, stdout, stderr };
    };
    expect(sh(rememberedScript)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(sh(rememberScript(playbook, handlers))).toEqual({ code: 0, stdout: '', stderr: '' });
    const file = `${root}/state/handlers/${key}`;
    const words = `'restart it's two' of ${root}/site.yml`;
    expect(readFileSync(file, 'utf8')).toBe(`${words}\n`);
    // Version 0.1.0 left nothing inside.
    writeFileSync(`${root}/state/handlers/${'0'.repeat(32)}`, '');
    const { stdout } = sh(rememberedScript);
    expect(readHandlerRecords(stdout)).toEqual([
      { key: '0'.repeat(32), file: `${root}/state/handlers/${'0'.repeat(32)}`, words: '' },
      { key, file, words },
    ]);
    expect(sh(dropScript([`handlers/${key}`], true)).code).toBe(0);
    expect(sh(dropScript([`handlers/${'0'.repeat(32)}`], true)).code).toBe(0);
    expect(existsSync(`${root}/state`)).toBe(false);
  });
});

test('a host that lies about what it remembers is not believed', () => {
  const key = 'a'.repeat(32);
  const lines = [
    'nonsense',
    `/x/${key}`,
    `/x/${'g'.repeat(32)}\twords`,
    `/x/${key}\t${'long '.repeat(1000)}`,
    '',
  ];
  expect(readHandlerRecords(lines.join('\n'))).toEqual([
    { key, file: `/x/${key}`, words: 'long '.repeat(60) },
  ]);
});
