import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { path } from '../../../src/probes/path.ts';
import { scratch } from '../resources/file-tree.ts';
import { ShellHost } from '../resources/shell-host.ts';
import { hostileWords, shells } from '../resources/shells.ts';
import { answers, one } from './probe-host.ts';

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('asked of %s', (_name, shell) => {
  const fresh = scratch();
  const host = new ShellHost(shell);

  test('a file, a directory, a link, nothing', async () => {
    const directory = fresh();
    for (const word of [...hostileWords, 'two\nlines', 'back\\slash', 'tab\t', 'end\n']) {
      const at = `${directory}/${word}`;
      mkdirSync(at);
      writeFileSync(`${at}/${word}`, `${word}\n`, { mode: 0o640 });
      symlinkSync(`${at}/${word}`, `${at}/link ${word}`);
      const [inside, link, none] = await answers(host, [
        path(at, { inside: word, sum: 'sha256', text: { most: 1000 } }),
        path(`${at}/link ${word}`, { follow: true, leads: true, sum: 'md5', text: { most: 1000 } }),
        path(`${at}/none`),
      ]);
      expect(inside).toMatchObject({ target: `${at}/${word}`, look: { kind: 'file', mode: 0o640 } });
      expect(inside).toMatchObject({ content: Buffer.from(`${word}\n`) });
      expect(link).toMatchObject({ target: `${at}/${word}`, content: Buffer.from(`${word}\n`) });
      expect(none).toMatchObject({ look: { kind: 'absent' } });
    }
    expect(await one(host, path(directory))).toMatchObject({ look: { kind: 'directory' } });
  });
});
