import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareArguments } from '../../../src/language/source/schema/arguments.ts';
import type { AnyHostResource, AnyResource } from '../../../src/resources/resource.ts';
import { stepScript } from '../../../src/resources/step-script.ts';
import { buildProgram } from '../../../src/shell/program.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import { resources } from '../../helpers/resources/all-resources.ts';
import { scratch, treeOf } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

interface Case {
  readonly resource: string;
  /** Brings the directory into a state that differs. */
  readonly before?: (directory: string, word: string) => void;
  readonly args: (directory: string, word: string) => object;
  readonly extra?: (word: string) => object;
  /** What must be true afterwards. */
  readonly after: (directory: string, word: string) => void;
}

const read = (directory: string, name: string) => readFileSync(join(directory, name), 'utf8');
const source = (word: string) => ({ source_file: { path: 'x', content: Buffer.from(`${word}\n`) } });

const cases: readonly Case[] = [
  {
    resource: 'copy',
    args: (directory, word) => ({ dest: join(directory, word), content: `${word}\n`, mode: '0640' }),
    after: (directory, word) => expect(read(directory, word)).toBe(`${word}\n`),
  },
  {
    resource: 'copy',
    before: (directory, word) => writeFileSync(join(directory, word), 'old\n'),
    args: (directory, word) => ({
      dest: `${directory}/in/${word}/`,
      src: join(directory, word),
      remote_src: true,
    }),
    after: (directory, word) => expect(read(directory, `in/${word}/${word}`)).toBe('old\n'),
  },
  {
    resource: 'template',
    before: (directory, word) => writeFileSync(join(directory, word), 'old\n'),
    args: (directory, word) => ({
      src: 'x.j2',
      dest: join(directory, word),
      backup: true,
      validate: `test -f %s -a x = 'x'`,
    }),
    extra: source,
    after: (directory, word) => expect(read(directory, word)).toBe(`${word}\n`),
  },
  {
    resource: 'file',
    args: (directory, word) => ({ path: join(directory, word, word), state: 'directory', mode: '0750' }),
    after: (directory, word) => expect(existsSync(join(directory, word, word))).toBe(true),
  },
  {
    resource: 'file',
    args: (directory, word) => ({ path: join(directory, word), state: 'link', src: word }),
    after: (directory, word) => expect(() => symlinkSync(word, join(directory, word))).toThrow('EEXIST'),
  },
  {
    resource: 'file',
    before: (directory, word) => {
      mkdirSync(join(directory, word));
      writeFileSync(join(directory, word, word), '');
    },
    args: (directory, word) => ({ path: join(directory, word), state: 'absent' }),
    after: (directory, word) => expect(existsSync(join(directory, word))).toBe(false),
  },
  {
    resource: 'file',
    before: (directory, word) => {
      mkdirSync(join(directory, word, word), { recursive: true });
      writeFileSync(join(directory, word, word, 'x'), '');
      chmodSync(join(directory, word, word), 0o700);
    },
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'directory',
      recurse: true,
      mode: 'u=rwX,go=rX',
    }),
    after: (directory, word) => expect(read(directory, `${word}/${word}/x`)).toBe(''),
  },
  {
    resource: 'lineinfile',
    before: (directory, word) => writeFileSync(join(directory, word), 'one\nkey=old\ntwo'),
    args: (directory, word) => ({ path: join(directory, word), regexp: '^key=', line: `key=${word}` }),
    after: (directory, word) => expect(read(directory, word)).toBe(`one\nkey=${word}\ntwo\n`),
  },
  {
    resource: 'file',
    before: (directory, word) => writeFileSync(join(directory, 'source'), word),
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'hard',
      src: join(directory, 'source'),
    }),
    after: (directory, word) => expect(read(directory, word)).toBe(word),
  },
  {
    resource: 'file',
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'touch',
      access_time: 'preserve',
      modification_time: 'preserve',
    }),
    after: (directory, word) => expect(read(directory, word)).toBe(''),
  },
  {
    resource: 'get_url',
    before: (directory, word) => writeFileSync(join(directory, 'source'), word),
    args: (directory, word) => ({
      url: `file://${directory}/source`,
      dest: join(directory, word),
      mode: '0604',
    }),
    after: (directory, word) => expect(read(directory, word)).toBe(word),
  },
  {
    resource: 'command',
    args: (directory, word) => ({
      argv: ['touch', '--', word],
      chdir: directory,
      creates: word.replace(/[*?[\]]/g, '?'),
    }),
    after: (directory, word) => expect(read(directory, word)).toBe(''),
  },
  {
    resource: 'shell',
    args: (directory, word) => ({ cmd: 'cat >done', stdin: word, chdir: directory, creates: 'done' }),
    after: (directory, word) => expect(read(directory, 'done')).toBe(`${word}\n`),
  },
  {
    resource: 'shell',
    args: (directory, word) => ({
      cmd: `cat >done <<\\EOF\n${word}\nEOF`,
      executable: '/bin/bash',
      creates: `${directory}/d*e`,
      chdir: directory,
    }),
    after: (directory, word) => expect(read(directory, 'done')).toBe(`${word}\n`),
  },
  {
    resource: 'blockinfile',
    args: (directory, word) => ({ path: join(directory, word), block: `${word}\n${word}`, create: true }),
    after: (directory, word) => expect(read(directory, word)).toContain(`${word}\n${word}\n`),
  },
];

const unique = [...new Set<AnyResource>(resources.values())];
const host = (name: string): AnyHostResource => {
  const resource = resources.get(name);
  if (resource?.kind !== 'host') throw new Error(`${name} is no host resource`);
  return resource;
};

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'on a host whose sh is %s',
  (_name, shell) => {
    const fresh = scratch();

    test.each(cases)(
      '$resource survives hostile words, converges and leaves probes without a trace',
      async (one) => {
        const resource = host(one.resource);
        const machine = new ShellHost(shell);
        for (const word of hostileWords) {
          const directory = fresh();
          one.before?.(directory, word);
          const args = one.args(directory, word);
          const extra = one.extra?.(word);

          const untouched = treeOf(directory);
          const plan = await machine.plan(resource, args, extra);
          expect(plan.refused).toEqual([]);
          expect(plan.changes).not.toEqual([]);
          expect(treeOf(directory)).toEqual(untouched);

          const applied = await machine.apply(resource, args, extra);
          expect(applied.changes).toEqual(plan.changes);
          expect(applied.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
          one.after(directory, word);
          expect(existsSync(join(directory, 'pwned'))).toBe(false);

          const reached = treeOf(directory);
          expect((await machine.apply(resource, args, extra)).changes).toEqual([]);
          expect(treeOf(directory)).toEqual(reached);
        }
      },
    );
  },
);

describe('a program that was cut off', () => {
  const fresh = scratch();

  test.each(cases)('$resource: nothing of it runs', async ({ resource: name, before, args, extra }) => {
    const directory = fresh();
    const word = 'plain';
    before?.(directory, word);
    const machine = new ShellHost();
    const resource = host(name);
    const plan = await machine.plan(resource, args(directory, word), extra?.(word));
    const untouched = treeOf(directory);
    const steps = resource.steps(plan.args, plan.changes, plan.have);
    const sections = steps.map((step, index) => ({
      id: `s${index}`,
      script: step.kind === 'script' || step.kind === 'file' ? stepScript(step) : '',
      stopOnFailure: true,
    }));
    const program = Buffer.from(buildProgram(sections, { nonce: 'nonce', prelude: putPrelude }));
    for (let length = program.length - 3; length > 0; length -= Math.ceil(program.length / 40)) {
      spawnSync('sh', ['-s'], { input: program.subarray(0, length) });
    }
    expect(treeOf(directory)).toEqual(untouched);
  });
});

describe.each(unique.map((resource) => [resource.name, resource] as const))('%s', (_name, resource) => {
  test('refuses a key that it does not know', () => {
    const at = () => ({ file: 'test.yml', line: 1, column: 1 });
    const { problems } = prepareArguments(resource, { 'no such key': 1 }, { at });
    expect(problems.map(({ message }) => message).join('\n')).toMatch(/no such key/);
  });

  test('describes itself and each argument', () => {
    expect(resource.summary).toMatch(/^[A-Z].*[^.]$/);
    const { properties } = resource.schema as { properties?: Record<string, { description?: string }> };
    for (const [argument, schema] of Object.entries(properties ?? {})) {
      expect(schema.description, argument).toMatch(/\w/);
    }
  });
});
