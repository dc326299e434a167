import { expect, test } from 'vitest';
import { commandWords } from '../../../build/package/command-words.ts';
import { manPage } from '../../../build/package/man-page.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';

const commands = commandWords(commandLine(undefined, { version: '1', domains, settings: {} }, () => {}));
const facts = { name: 'provision', version: '1.2.3', description: '', license: 'MIT' };
const page = manPage(commands, facts);

test('every command and each of its options is in it, with its description', () => {
  expect(commands.map(({ path }) => path.join(' '))).toEqual(
    expect.arrayContaining(['provision apply', 'provision certs', 'provision ca init', 'provision schedule']),
  );
  for (const { path, options } of commands.slice(1)) {
    const [, section] = page.split(`.SH ${path.slice(1).join(' ').toUpperCase()}\n`);
    const own = section?.split('.SH ')[0]?.replaceAll('\\-', '-') ?? '';
    expect(options.length).toBeGreaterThan(0);
    for (const { flags, description } of options) expect(own).toContain(`.B ${flags}\n${description}`);
  }
});

test('no line of a text is taken for a request', () => {
  const requests = page.split('\n').flatMap((line) => /^[.']\S*/.exec(line) ?? []);
  expect([...new Set(requests)].sort()).toEqual(['.B', '.I', '.SH', '.TH', '.TP', '.br']);
  const hostile = manPage(
    [{ path: ['p'], description: ".so /etc/passwd\n'x \\n", arguments: [], options: [], below: [] }],
    facts,
  );
  expect(hostile).toContain("\\&.so /etc/passwd\n\\&'x \\en");
});
