import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../../build/package/command-words.ts';
import { typedOptions } from '../../../build/package/typed-options.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';
import { folder, provision } from '../../helpers/cli/command.ts';
import { sentencesOf, wordCount } from '../../helpers/documents/sentences.ts';
import { provisionUses, savedFiles, shownCommands } from '../../helpers/documents/shown-commands.ts';

const root = join(import.meta.dirname, '../../..');
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const commands = commandWords(commandLine(undefined, { version: '0', domains, settings: {} }, () => {}));
const byPath = new Map(commands.map((one) => [one.path.join(' '), one]));

/** What is wrong with a use of the command line: a command or an option that is not there. */
function faultsOf(use: string): readonly string[] {
  const words = use.split(' ');
  let path = words.shift() ?? '';
  while (words[0] !== undefined && byPath.has(`${path} ${words[0]}`)) path += ` ${words.shift()}`;
  const command = byPath.get(path);
  if (!command || (command.below.length > 0 && words.length > 0 && !words[0]?.startsWith('-')))
    return [`${use}: there is no command ${path} ${words[0]}`];
  const names = typedOptions(command).flatMap((option) => option.names);
  const known = new Set([...names, '-h', '--help', '--version']);
  const given = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  return given
    .flatMap((word) => /^(--?[a-zA-Z][\w-]*)/.exec(word)?.[1] ?? [])
    .filter((option) => !known.has(option) && !known.has(option.slice(0, 2)))
    .map((option) => `${use}: ${path} has no option ${option}`);
}

describe('docs', () => {
  it('are all found from the index, and the index names nothing else', () => {
    const named = [...read('docs/README.md').matchAll(/`(docs\/[\w-]+\.md)`/g)].map(([, page]) => page);
    expect(new Set(named)).toEqual(new Set(pages.filter((page) => page !== 'docs/README.md')));
  });

  it.each(['README.md', ...pages])('%s uses only commands and options that there are', (page) => {
    expect(provisionUses(read(page)).flatMap(faultsOf)).toEqual([]);
  });

  it('show commands at all', () => {
    expect(pages.flatMap((page) => provisionUses(read(page))).length).toBeGreaterThan(100);
    expect(faultsOf('provision plan x.yml --no-such')).toHaveLength(1);
    expect(faultsOf('provision nothing')).toHaveLength(1);
  });

  it.each(['README.md', ...pages.filter((page) => !/resources|errors/.test(page))])(
    '%s has no sentence of more than 25 words',
    (page) => {
      expect(sentencesOf(read(page)).filter((sentence) => wordCount(sentence) > 25)).toEqual([]);
    },
  );

  it('name files and pages that are there', () => {
    for (const page of pages) {
      for (const [, path = ''] of read(page).matchAll(/`((?:docs|playbooks)\/[\w./-]+\.\w+)`/g)) {
        expect(() => read(path), `${page}: ${path}`).not.toThrow();
      }
    }
  });

  it('name settings that a role or a playbook knows, with their defaults', () => {
    const yaml = globSync(['roles/**/*.yml', 'playbooks/*.yml'], { cwd: root });
    const known = new Set(yaml.flatMap((file) => read(file).match(/\w+/g) ?? []));
    const defaults = new Map(
      globSync('roles/*/defaults/main.yml', { cwd: root }).flatMap((file) =>
        [...read(file).matchAll(/^(\w+): (.*)$/gm)].map(
          ([, name = '', value = '']) => [name, value] as const,
        ),
      ),
    );
    const setting = '(?:log|rsyslog|logstash|logspout|container_logs|certbot|nginx_log)_\\w+';
    const named = pages
      .filter((page) => page !== 'docs/resources.md')
      .flatMap((page) => {
        const used = read(page).matchAll(
          new RegExp(`\`(${setting})[\`:]|^ *(?:# ?|- )?(${setting}): `, 'gm'),
        );
        return [...used].map(([, inline, block]) => ({ page, name: inline ?? block ?? '' }));
      });
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
    const said = pages.flatMap((page) => [
      ...read(page).matchAll(new RegExp(`^\\| \`(${setting})\` \\| \`([^\`]*)\` \\|`, 'gm')),
    ]);
    expect(said.length).toBeGreaterThan(4);
    for (const [, name = '', value] of said) expect([name, defaults.get(name)]).toEqual([name, value]);
  });

  it('have an inventory of its own that is valid in the how-to', async () => {
    const text = read('docs/how-to.md');
    const cwd = folder(Object.fromEntries(savedFiles(text)));
    const said = shownCommands(text).filter(({ command }) => /validate|--graph/.test(command));
    expect(said).toHaveLength(2);
    for (const { command } of said) {
      const { code, stderr } = await provision(command.split(' ').slice(1), { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});
