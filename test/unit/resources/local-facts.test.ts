import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { damagedFacts, localFacts } from '../../../src/resources/facts/local-facts.ts';
import { setup } from '../../../src/resources/setup.ts';
import { scratch, treeOf } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();

async function factsIn(directory: string, words?: (typeof shells)[number]): Promise<unknown> {
  const { have } = await new ShellHost(words).plan(setup, { fact_path: directory });
  return setup.facts?.({}, have as never).local;
}

describe.each(shells.map((words) => [words.join(' '), words] as const))('through %s', (_name, words) => {
  test('JSON files are facts, and only they; nothing is run or changed', async () => {
    for (const word of hostileWords) {
      const directory = join(fresh(), word);
      mkdirSync(directory);
      const log = { topology: 'mutual', peers: ["it's", 'ü\n==> uname <==\n'], nothing: null };
      writeFileSync(join(directory, 'provision_log.fact'), `${JSON.stringify(log, undefined, 2)}\n`);
      writeFileSync(join(directory, `${word}.fact`), '[1]');
      writeFileSync(join(directory, 'notes.txt'), '{}');
      symlinkSync('provision_log.fact', join(directory, 'same.fact'));
      const before = treeOf(directory);
      expect(await factsIn(directory, words)).toEqual({ provision_log: log, same: log, [word]: [1] });
      expect(treeOf(directory)).toEqual(before);
    }
  });
});

test('a file that cannot be used gives the reason, and does not keep the others from being read', async () => {
  const directory = fresh();
  const at = (name: string) => join(directory, `${name}.fact`);
  writeFileSync(at('good'), 'true');
  writeFileSync(at('damaged'), '{"a": ');
  writeFileSync(at('ini'), '[section]\nkey=value\n');
  writeFileSync(at('empty'), '');
  writeFileSync(at('huge'), `"${'x'.repeat(300_000)}"`);
  writeFileSync(at('program'), `#!/bin/sh\ntouch '${at('ran')}'\necho 1\n`);
  chmodSync(at('program'), 0o755);
  mkdirSync(at('directory'));
  symlinkSync('nowhere', at('dangling'));
  execFileSync('mkfifo', [at('fifo')]);
  const reason = (text: string) => expect.stringMatching(new RegExp(`^error loading facts as JSON.*${text}`));
  expect(await factsIn(directory)).toEqual({
    good: true,
    damaged: reason('JSON'),
    ini: reason('JSON'),
    empty: reason('JSON'),
    huge: reason('longer than 262144 bytes'),
    program: reason('runs no fact scripts'),
    directory: reason('not a regular file'),
    dangling: reason('not a regular file'),
    fifo: reason('not a regular file'),
  });
});

test.each([
  ['no directory', 'missing', {}],
  ['an empty one', '', {}],
])('%s: an empty mapping', async (_what, name, facts) => {
  expect(await factsIn(join(fresh(), name))).toEqual(facts);
});

test.each([
  ['nonsense', 'one two three four\n\n==> uname <==\n= = =\n', {}],
  ['a kind of its own', 'fact magic\n.a\n+1\n', { a: expect.stringContaining('makes no sense') }],
  ['names of objects', 'fact data\n.__proto__\n+{"x":true}\n', JSON.parse('{"__proto__":{"x":true}}')],
])('a host that answers %s is harmless', (_what, text, facts) => {
  const read = localFacts(text);
  expect(read).toEqual(facts);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

describe('a fact that is nested without end', () => {
  const deep = (levels: number) => `fact data\n.deep\n+${'['.repeat(levels)}${']'.repeat(levels)}\n`;

  test('is refused, and the host is blamed for it', () => {
    const read = localFacts(deep(100_000));
    expect(read).toEqual({ deep: expect.stringMatching(/: it is nested more than 200 levels deep$/) });
    expect(damagedFacts(read)).toEqual([
      "the host's /etc/ansible/facts.d/deep.fact cannot be used as a fact: it is nested more than 200 levels deep",
    ]);
  });

  test('is none as long as somebody may have written it', () => {
    const read = localFacts(deep(200));
    expect(JSON.stringify(read.deep)).toBe('['.repeat(200) + ']'.repeat(200));
    expect(damagedFacts(read)).toEqual([]);
    expect(localFacts(`fact data\n.text\n+"${'['.repeat(300)}"\n`)).toEqual({ text: '['.repeat(300) });
  });

  test.each(['file', 'unreadable', 'executable'])('nobody is warned of one that is not read: %s', (kind) => {
    expect(damagedFacts(localFacts(`fact ${kind}\n.a\n`))).toEqual([]);
  });
});
