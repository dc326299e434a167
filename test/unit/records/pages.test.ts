import { describe, expect, test } from 'vitest';
import { runHtml } from '../../../src/records/pages/html/run-html.ts';
import { junit } from '../../../src/records/pages/junit.ts';
import { markdown } from '../../../src/records/pages/markdown.ts';
import { type RunView, verdictOf } from '../../../src/records/pages/run-view.ts';
import { hostileText, sampleView } from '../../helpers/records/sample-view.ts';
import { recapOf } from '../../helpers/report/sample-run.ts';

const { run } = sampleView;
const empty: RunView = {
  ...sampleView,
  earlier: [],
  run: {
    ...run,
    exitCode: 0,
    failed: 0,
    unreachable: 0,
    changed: 0,
    results: [],
    remarks: [],
    noted: [],
    plays: [],
  },
};

describe('reports of a run', () => {
  test.each([
    ['run.html', runHtml],
    ['run.xml', junit],
    ['run.md', markdown],
  ])('%s is as it was when somebody last looked at it', async (name, render) => {
    await expect(render(sampleView)).toMatchFileSnapshot(`golden/${name}`);
  });

  test('of a run without anything have no empty parts', () => {
    const page = runHtml(empty);
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(['Hosts', 'Time line']);
    expect(markdown(empty).match(/^## .*/gm)).toEqual(['## Hosts']);
    expect(junit(empty)).toMatch(/<testsuites name="[^"]*" tests="0" failures="0" errors="0"/);
  });

  test('chart the runs before it that did the same, and that did not succeed in another colour', () => {
    const before = { ...run, exitCode: 0, duration: 4700, changed: 0, failed: 0, unreachable: 0 };
    const others = { ...before, command: 'plan', duration: 99_000 };
    const page = runHtml({ ...sampleView, earlier: [before, others, before] });
    expect([...page.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, words]) => words)).toEqual([
      'took: 9.4 s in this run, at most 9.4 s in 3 runs',
      'changed: 5 in this run, at most 5 in 3 runs',
      'failed or unreachable: 2 in this run, at most 2 in 3 runs',
    ]);
    const [took = ''] = /<figure>.*?<\/figure>/s.exec(page) ?? [];
    const bars = [...took.matchAll(/class="(.*?)" x="(\d+)" y="\d+" width="6" height="(\d+)"/g)];
    expect(bars.map(([, ...rest]) => rest.join(' '))).toEqual(['bar 0 20', 'bar 8 20', 'bar bad 16 40']);
    expect(runHtml({ ...sampleView, earlier: [others] })).not.toContain('<figure>');
  });

  test('take no tag, attribute or fence from a host', () => {
    expect(runHtml(sampleView)).not.toMatch(/<(?:script|img)/);
    expect(runHtml(sampleView)).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(junit(sampleView)).not.toMatch(/<(?:script|img)|[\u0001\ud800]/u);
    const outside = markdown(sampleView).replace(/^( *)(`{3,})[\s\S]*?^\1\2$/gm, '');
    expect(outside).not.toMatch(/(?<!\\)[<[`]/);
    expect(hostileText).toMatch(/[<[`]/);
  });

  test('of many hosts leave out what nobody reads', () => {
    const hosts = Array.from({ length: 500 }, (_, index) => `h${index}`);
    const [first] = run.results;
    if (!first) throw new Error('the sample has no results');
    const results = hosts.flatMap((host) =>
      Array.from({ length: 10 }, (_, task) => ({ ...first, host, task: `${task}` })),
    );
    const hostRecords = hosts.map((host) => ({ host, recap: recapOf({ ok: 10 }) }));
    const page = runHtml({ ...empty, run: { ...empty.run, hostRecords, results } });
    expect(page).toContain('were quick are left out of a run of this size');
    expect(page.length).toBeLessThan(700_000);
  });
});

test.each([
  [{}, '1 failed, 1 unreachable; 5 changed; 4 hosts', 'failed'],
  [
    { state: 'cut off', exitCode: undefined, failed: 0, unreachable: 0 } as const,
    'the run was cut off; 5 changed; 4 hosts',
    'failed',
  ],
  [{ failed: 0, unreachable: 0, exitCode: 130 }, 'ended with exit code 130; 5 changed; 4 hosts', 'failed'],
  [{ failed: 0, unreachable: 0, exitCode: 0 }, '5 changed on 4 hosts', 'changed'],
  [{ failed: 0, unreachable: 0, exitCode: 0, check: true }, '5 to change on 4 hosts', 'changed'],
  [
    { failed: 0, unreachable: 0, exitCode: 0, changed: 0, hosts: 1 },
    'nothing had to be changed on 1 host',
    'ok',
  ],
])('the verdict of %j', (more, text, state) => {
  expect(verdictOf({ ...run, ...(more as Partial<typeof run>) })).toEqual({ text, state });
});
