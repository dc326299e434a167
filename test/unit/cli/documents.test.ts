import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../../src/probes/probe.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { folder, provision } from '../../helpers/cli/command.ts';
import { ask } from '../../helpers/probes/kind-host.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const blocks = (path: string, language: string): readonly string[] =>
  [...read(path).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text ?? '');

describe('README', () => {
  it('has a playbook that is valid', async () => {
    const [site] = blocks('README.md', 'yaml');
    const { code, stdout } = await provision(['validate', 'site.yml'], {
      cwd: folder({ 'site.yml': site ?? '' }),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'site.yml: 1 play, 2 tasks, 2 hosts: ok\n' });
  });

  it('leads to the first line over TLS in two screens of 80 columns and 24 rows', () => {
    const [way = ''] = read('README.md').split('## Renewal');
    expect(way).toContain('## The first line over TLS');
    const rows = way.split('\n').map((line) => Math.max(1, Math.ceil(line.length / 80)));
    expect(rows.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(2 * 24);
  });

  it('names files that are there, options that are known and scripts of package.json', async () => {
    const text = read('README.md');
    for (const [, path] of text.matchAll(/`((?:docs|playbooks|test)\/[\w./-]+|[A-Z]+\.md)`/g)) {
      expect(() => read(path ?? '')).not.toThrow();
    }
    const { stdout: apply } = await provision(['apply', '--help']);
    const { stdout: plan } = await provision(['plan', '--help']);
    for (const [, option] of text.matchAll(/`(?:provision \w+ )?(--?[a-zA-Z][\w-]*)/g)) {
      expect(apply + plan, option).toContain(option);
    }
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name ?? '']);
  });
});

describe('docs/certificates.md', () => {
  it('has an inventory that home-lab.yml takes', async () => {
    const [inventory] = blocks('docs/certificates.md', 'yaml');
    const cwd = folder({ 'hosts.yml': inventory ?? '', 'site.yml': read('playbooks/home-lab.yml') });
    const { code, stdout } = await provision(['validate', 'site.yml', '-i', 'hosts.yml'], { cwd });
    expect(stdout).toMatch(/^site\.yml: 10 plays, \d{3} tasks, 6 hosts: ok\n$/);
    expect(code).toBe(0);
  });
});

describe('CONTRIBUTING', () => {
  it("has a resource that does what it says, in this machine's sh", async () => {
    const [source] = blocks('CONTRIBUTING.md', 'ts');
    const here = folder({});
    // Beside the real resources it would be found by other tests: its imports are led there instead.
    const text = (source ?? '')
      .replaceAll("from './", `from '${root}src/resources/`)
      .replaceAll("from '../", `from '${root}src/`)
      .replaceAll("from 'typebox'", `from '${import.meta.resolve('typebox')}'`);
    writeFileSync(join(here, 'app-release.ts'), text);
    const { appRelease } = (await import(/* @vite-ignore */ join(here, 'app-release.ts'))) as {
      appRelease: AnyHostResource;
    };
    mkdirSync(join(here, 'releases/1.4.2'), { recursive: true });
    symlinkSync('releases/1.4.1', join(here, 'current'));
    const host = new ShellHost();
    const args = { name: '1.4.2', directory: here };
    expect((await host.apply(appRelease, args)).changes).toEqual([
      { attribute: 'release', from: '1.4.1', to: '1.4.2' },
    ]);
    expect(readlinkSync(join(here, 'current'))).toBe('releases/1.4.2');
    expect((await host.apply(appRelease, args)).changes).toEqual([]);
    expect((await host.plan(appRelease, { ...args, name: '1.5' })).refused).toEqual([
      expect.stringContaining('no release 1.5'),
    ]);
  });

  it.each(shells.map((shell) => [shell.join(' '), shell] as const))(
    'has a kind of questions that answers, in %s',
    async (_name, shell) => {
      const source = blocks('CONTRIBUTING.md', 'ts').find((text) => text.includes('ProbeKind<'));
      const here = folder({});
      const text = (source ?? '')
        .replaceAll("from './", `from '${root}src/probes/`)
        .replaceAll("from '../", `from '${root}src/`);
      writeFileSync(join(here, 'setting.ts'), text);
      const { setting } = (await import(/* @vite-ignore */ join(here, 'setting.ts'))) as {
        setting: (name: string) => Ask<string | undefined>;
      };
      const words = hostileWords.map((word) => `kernel.${word}`);
      const { answers, sections, programs } = ask(
        ['kernel.ostype', 'kernel.none', ...words].map(setting),
        shell,
      );
      expect(answers).toEqual(['Linux', undefined, ...words.map(() => undefined)]);
      expect(sections).toBe(1);
      if (programs !== undefined) expect(programs).toBe(0);
      const { kind, question } = setting('kernel.ostype');
      const failed = kind.read({ code: 2, stdout: '', stderr: 'no' }, [question]);
      expect(String(failed[0])).toBe(
        'ProbeError: checking the setting kernel.ostype failed with exit code 2: no',
      );
    },
  );

  it('names files that are there', () => {
    for (const [, path] of read('CONTRIBUTING.md').matchAll(/`((?:src|test|docs)\/[\w./-]+\.\w+)`/g)) {
      if (!/app-release|setting/.test(path ?? '')) expect(() => read(path ?? ''), path).not.toThrow();
    }
  });
});
