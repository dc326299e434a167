import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareArguments } from '../../../src/language/source/schema/prepared-arguments.ts';
import type { AnyHostResource, AnyResource } from '../../../src/resources/resource.ts';
import { stepScript } from '../../../src/resources/step-script.ts';
import { buildProgram } from '../../../src/shell/program.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import { resources } from '../../helpers/resources/all-resources.ts';
import type { ContractCase } from '../../helpers/resources/contract-case.ts';
import { scratch, treeOf } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

/** Those of the folder `contract`: each file is about the resource that it is named after. */
const names = readdirSync(new URL('contract', import.meta.url)).map((file) => basename(file, '.ts'));
const cases = await Promise.all(
  names.map(async (name) => {
    const file: { readonly cases: readonly ContractCase[] } = await import(`./contract/${name}.ts`);
    return file.cases.map((one) => ({ ...one, resource: name.replaceAll('-', '_') }));
  }),
).then((all) => all.flat());

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
        for (const word of hostileWords) {
          const directory = fresh();
          const machine = new ShellHost(shell, one.environment?.(directory));
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

  test.each(cases)(
    '$resource: nothing of it runs',
    async ({ resource: name, before, args, extra, environment }) => {
      const directory = fresh();
      const word = 'plain';
      before?.(directory, word);
      const machine = new ShellHost(['sh', '-s'], environment?.(directory));
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
        const env = { ...process.env, ...environment?.(directory) };
        spawnSync('sh', ['-s'], { input: program.subarray(0, length), env });
      }
      expect(treeOf(directory)).toEqual(untouched);
    },
  );
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
