import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { letters, lettersEnded } from '../../helpers/letters/letters.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject(...letters.resources);

const play = (lines: readonly string[], hosts: readonly string[] = []) => `
- hosts: all
  tasks: [{ ping: }]
- hosts: a
  tasks:
    - { name: write, letter: { file: DIR/letter, lines: [${lines.join(', ')}], hosts: [${hosts.join(', ')}] }, register: written }
    - { name: read, debug: { msg: "{{ written.signature }}, {{ written.lines }}" } }`;

const written = () => {
  const path = project.path('letter');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
};
const domains = [letters];

describe('a domain that provision knows nothing of', () => {
  test('has its steps made in order, whatever is before and behind them', async () => {
    const ended = lettersEnded.runs;
    const done = await project.run(play(['one', 'seal', 'two', 'seal', 'seal', 'three']), { domains });
    expect(written()).toEqual(['one', 'sealed after 1', 'two', 'sealed after 3', 'sealed after 4', 'three']);
    expect(done.lines).toEqual(['a ping ok', 'a write changed', 'a read ok']);
    expect(done.results[2]?.message).toBe(`signed for ${project.path('letter')}, 6`);
    expect(lettersEnded.runs).toBe(ended + 1);
    expect((await project.run(play(['one']), { domains })).lines[1]).toBe('a write ok');
  });

  test('begins with its own step: what comes behind it really does', async () => {
    const done = await project.run(play(['seal', 'after']), { domains });
    expect(done.lines[1]).toBe('a write failed');
    expect(done.results[1]?.message).toMatch(/cannot open|No such file/);
    expect(written()).toEqual([]);
    project.write('letter', '');
    await project.run(play(['seal', 'after']), { domains });
    expect(written()).toEqual(['sealed after 0', 'after']);
  });

  test('two held steps of one item both run, each between its own hold and release', async () => {
    const done = await project.run(play(['one', 'held 1', 'seal', 'held 2', 'last'], ['b']), {
      domains,
      hosts: 2,
    });
    expect(done.lines).toContain('a write changed');
    const held = (n: number) => ['hold', `held ${n}`, 'release'];
    expect(written()).toEqual(['one', ...held(1), 'sealed after 4', ...held(2), 'last']);
  });

  test.each([
    [['one', 'fail', 'seal', 'behind']],
    [['one', 'fail', 'behind']],
    [['one', 'fail', 'held', 'behind']],
  ])('a step that fails in the middle ends the item: %j', async (lines) => {
    const done = await project.run(play(lines, ['b']), { domains, hosts: 2 });
    expect(done.lines.slice(2)).toEqual(['a write failed']);
    expect(done.results[2]?.message).toContain('no ink');
    expect(written()).toEqual(['one']);
  });

  test('observes in check mode', async () => {
    project.write('letter', 'x\ny\n');
    const { events } = await project.run(play(['one']), { domains, check: true });
    expect(events.filter(({ type }) => type === 'observation')).toEqual([
      { type: 'observation', host: 'a', task: expect.any(String), seen: { kind: 'letter', lines: 2 } },
    ]);
  });
});

describe('its part of the command line', () => {
  const main = fileURLToPath(new URL('../../helpers/letters/letters-main.ts', import.meta.url));
  const provision = (...words: readonly string[]) =>
    spawnSync(process.execPath, [main, ...words], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });

  test('a command and an option stand beside those that there are', async () => {
    await project.run(play(['one', 'seal']), { domains });
    const file = project.path('play.yml');
    const { stdout, stderr, status } = provision('letters', file, '--stamp', '> ');
    expect({ stdout, stderr, status }).toEqual({
      stdout: '> a: {"kind":"letter","lines":2}\n',
      stderr: '',
      status: 0,
    });
    expect(provision('--help').stdout).toMatch(/^ {2}certs [\s\S]*^ {2}letters /m);
  });

  test('the other commands know it too, and show what is theirs', () => {
    const file = project.path('play.yml');
    project.write(
      'play.yml',
      `inventory: { hosts: { a: { ansible_connection: local } } }\nplays:${play(['one']).replaceAll('DIR', project.directory).replaceAll('\n', '\n  ')}\n`,
    );
    expect(provision('apply', file, '--stamp', 'x').status).toBe(0);
    expect(provision('certs', file, '--json').stdout).toContain('"certificates": []');
  });
});
