import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rsyslogFiles } from '../../../../../src/domains/tls-logs/probes/rsyslog-files.ts';
import { ProbeError } from '../../../../../src/probes/probe-error.ts';
import { answers } from '../../../../helpers/probes/probe-host.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('asked of %s', (_name, shell) => {
  const fresh = scratch();
  const host = new ShellHost(shell);

  test('a file and all that it includes, without comments', async () => {
    const root = fresh();
    const write = (name: string, text: string): string => {
      const path = join(root, name);
      writeFileSync(path, text);
      return path;
    };
    mkdirSync(join(root, 'rsyslog.d'));
    mkdirSync(join(root, 'more'));
    const main = write(
      'rsyslog.conf',
      `# comment\n\n  $IncludeConfig ${root}/rsyslog.d/*.conf # all\ninclude(\n  mode="optional" File="${root}/more/"\n)\n#provision, mark\nlast`,
    );
    const hostile = hostileWords.map((word) => `*.* ${word}`).join('\n');
    const files: Record<string, string> = {
      'rsyslog.d/10-a.conf': `${hostile}\n`,
      'rsyslog.d/with space.conf': `include(file="${root}/single") global(DefaultNetstreamDriverKeyFile="${root}/key")\n`,
      'rsyslog.d/loop.conf': `$includeconfig ${main}\n`,
      'more/none-of-a-name': '\t\\a  b \n',
      single: 'one "line"\n',
    };
    for (const [name, text] of Object.entries(files)) write(name, text);
    write('key', 'secret');
    write('rsyslog.d/pem.conf', 'first\n-----BEGIN PRIVATE KEY-----\nAAAA\n');
    write('rsyslog.d/a.conf.old', 'no');
    write('not-included', 'no');
    const before = treeOf(root);
    const [found, none] = await answers(host, [rsyslogFiles(main), rsyslogFiles(join(root, 'none'))]);
    expect(treeOf(root)).toEqual(before);
    if (!(found instanceof Map)) throw found;
    const text = (name: string) => found.get(join(root, name));
    expect(text('rsyslog.conf')).toBe(
      `\n\n  $IncludeConfig ${root}/rsyslog.d/*.conf # all\ninclude(\n  mode="optional" File="${root}/more/"\n)\n#provision, mark\nlast`,
    );
    for (const [name, content] of Object.entries(files))
      expect(text(name), name).toBe(content.replace(/\n$/, ''));
    expect(text('rsyslog.d/pem.conf')).toBe('first');
    expect([...found.keys()].toSorted()).toEqual(
      [...Object.keys(files), 'rsyslog.conf', 'rsyslog.d/pem.conf']
        .map((name) => join(root, name))
        .toSorted(),
    );
    expect(none).toEqual(new Map());
  });
});

test('a host that says too much or too little', () => {
  const { kind } = rsyslogFiles('/x');
  const read = (stdout: string, code = 0) => kind.read({ code, stdout, stderr: '' }, ['/x'])[0];
  expect(read('file /x\n999999999 a\n0 b\n2 c\nend\n')).toEqual(new Map([['/x', '\nc']]));
  expect(read('file /x\n1 a\ncut\nend\n')).toEqual(
    new ProbeError('the configuration of rsyslog, /x, has more than 50000 lines: it is not read'),
  );
  expect(read('file /x\n1 a\n')).toBeInstanceOf(ProbeError);
  expect(read('', 2)).toBeInstanceOf(ProbeError);
});
