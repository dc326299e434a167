import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provision } from '../../helpers/cli/command.ts';
import { LanguageServer } from '../../helpers/editor/language-server.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'provision-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function schemaFile(kind: string): Promise<string> {
  const { code, stdout, stderr } = await provision(['schema', kind], { cwd: root });
  expect(code, stderr).toBe(0);
  const file = join(folder, `${kind}.schema.json`);
  writeFileSync(file, stdout);
  return pathToFileURL(file).href;
}

/** Files that provision takes, of each kind. */
const good: Readonly<Record<string, readonly string[]>> = {
  playbook: ['playbooks/*.yml', 'test/bench/*.yml', 'test/lab/ansible/*.yml', 'test/lab/playbooks/*.yml'],
  tasks: ['roles/*/tasks/*.yml', 'roles/*/handlers/*.yml'],
  variables: ['roles/*/defaults/*.yml'],
};

// PyYAML takes quoted lines that stand further left than their key, the grammar of YAML does not; no schema has a say in it.
const stricter = ['test/lab/ansible/yaml-quoted-lines.yml'];

describe.each(['playbook', 'tasks', 'inventory', 'variables', 'settings'])(
  'an editor with the schema of %s',
  (kind) => {
    let server: LanguageServer;
    beforeAll(async () => {
      server = await LanguageServer.start(await schemaFile(kind));
    });
    afterAll(() => server?.stop());

    let opened = 0;
    const wrong = async (text: string) =>
      (await server.open(`file:///${kind}-${++opened}.yml`, text)).map(
        ({ message, range: { start } }) => `${start.line + 1}:${start.character + 1} ${message}`,
      );

    const files = (good[kind] ?? [])
      .flatMap((pattern) => globSync(pattern, { cwd: root }))
      .filter((file) => !stricter.includes(file));
    if (files.length > 0) {
      test('finds nothing wrong in what provision takes', async () => {
        // All at once: the server waits a moment before it looks at a file, for somebody who types.
        const found = await Promise.all(
          files.map(async (file) =>
            (await wrong(readFileSync(join(root, file), 'utf8'))).map((one) => `${file}:${one}`),
          ),
        );
        expect(found.flat()).toEqual([]);
        expect(files.length).toBeGreaterThan(3);
      });
    }

    const mistakes: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
      playbook: [
        [
          '- host: all\n  tasks: []\n',
          ['1:3 Missing property "hosts".', '1:3 Property host is not allowed.'],
        ],
        ['- hosts: all\n  become: perhaps\n', ['2:11 ']],
        [
          '- hosts: all\n  tasks:\n    - copy:\n        dst: /a\n',
          ['3:7 Missing property "dest".', '4:9 Property dst is not allowed.'],
        ],
        ['- hosts: all\n  tasks:\n    - copi: {}\n', ['3:7 Property copi is not allowed.']],
        ['plays:\n  - hosts: all\ninventori: {}\n', ['3:1 Property inventori is not allowed.']],
      ],
      tasks: [['- copy: { dest: /a, content: x }\n  whenn: true\n', ['2:3 Property whenn is not allowed.']]],
      inventory: [
        ['web:\n  hosts:\n    a:\n  childern: {}\n', ['4:3 Property childern is not allowed.']],
        ['all:\n  hosts: { a: { ansible_host: 10.0.0.1 } }\n  children: { web: { hosts: { a: } } }\n', []],
      ],
      variables: [
        ['log_port: [1]\n', ['1:11 ']],
        ['mine: 1\nlog_port: "{{ mine }}"\n', []],
      ],
      settings: [
        ['forks: many\n', ['1:8 ']],
        ['inventory: hosts.yml\nforks: 5\n', []],
        ['fork: 5\n', ['1:1 Property fork is not allowed.']],
      ],
    };
    test.each(mistakes[kind] ?? [])('%j', async (text, places) => {
      const found = await wrong(text);
      expect(found.length, found.join('\n')).toBe(places.length);
      for (const [n, place] of places.entries()) expect(found[n]).toContain(place);
    });
  },
);

test('what is proposed and explained where one writes', async () => {
  const server = await LanguageServer.start(await schemaFile('playbook'));
  const uri = 'file:///written.yml';
  const lines = [
    '- hosts: all',
    '  tasks:',
    '    - name: x',
    '      ',
    '    - copy:',
    '        dest: /a',
    '        ',
    '  vars:',
    '    log_',
  ];
  await server.open(uri, lines.join('\n'));
  const of = (line: number) => server.completions(uri, line, lines[line]?.length ?? 0);
  expect(await of(3)).toEqual(
    expect.arrayContaining(['copy', 'template', 'when', 'notify', 'block', 'import_role']),
  );
  expect(await of(3)).not.toContain('snap');
  expect(await of(6)).toEqual(expect.arrayContaining(['content', 'mode', 'validate']));
  expect(await of(8)).toEqual(expect.arrayContaining(['log_target', 'log_port', 'certbot_domains']));
  expect(await server.hover(uri, 4, 8)).toContain('Write a file');
  expect(await server.hover(uri, 5, 9)).toContain('where the file goes');
  await server.stop();
});

test('roles beside the playbook are known, a kind that there is not is refused', async () => {
  const { stdout } = await provision(['schema', 'variables'], { cwd: join(root, 'test/lab/ansible') });
  expect(JSON.parse(stdout).definitions.variables.properties).toHaveProperty('log_port');
  const refused = await provision(['schema', 'nonsense']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('playbook, tasks, inventory, variables, settings');
});
