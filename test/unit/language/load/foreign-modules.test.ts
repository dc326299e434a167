import { describe, expect, test } from 'vitest';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

const inventory = { all: { hosts: { h1: {} }, vars: { wanted: false } } };
const site = (plays: readonly object[], more: Readonly<Record<string, string>> = {}) => ({
  'site.yml': JSON.stringify({ inventory, plays }),
  ...more,
});
const playing = (task: object) => site([{ hosts: 'all', tasks: [task] }]);
const snap = { name: 'x', 'community.general.snap': { name: 'jq' } };

describe('a module that is not there', () => {
  test.each([
    ['behind a condition of its own', playing({ ...snap, when: 'wanted' })],
    ['in a block behind one', playing({ block: [snap], when: 'wanted' })],
    ['that a tag must ask for', playing({ ...snap, tags: ['never', 'arch'] })],
    ['that nobody knows', playing({ name: 'x', 'acme.tools.rocket': {}, when: 'wanted' })],
    ['of a folder library/', playing({ name: 'x', zrocket_launch: {}, when: 'wanted' })],
    [
      'in a handler',
      site([
        {
          hosts: 'all',
          tasks: [{ command: 'true', notify: 'x' }],
          handlers: [snap],
        },
      ]),
    ],
    [
      'in one of several files',
      site([{ hosts: 'all', tasks: [{ include_tasks: 'on-{{ wanted }}.yml' }] }], {
        'on-true.yml': JSON.stringify([snap]),
      }),
    ],
  ])('%s is accepted with a warning', async (_, files) => {
    const { warnings } = await load(files);
    expect(warnings).toEqual([expect.stringMatching(/the module '.*' is not supported, the task fails on/)]);
  });

  test.each([
    ['where every host comes to it', playing(snap), /the module 'community.general.snap' is not supported/],
    ['where it is a slip', playing({ name: 'x', copi: {}, when: 'wanted' }), /unknown key 'copi'/],
    ['where it is a keyword', playing({ name: 'x', su: true, when: 'wanted' }), /'su' is not supported/],
  ])('%s it is refused', async (_, files, message) => {
    expect((await problemsOf(files))[0]?.message).toMatch(message);
  });
});

describe('words without an effect', () => {
  test('strategy and collections are accepted', async () => {
    const play = { hosts: 'all', strategy: 'free', collections: ['a.b'], tasks: [{ command: 'true' }] };
    expect((await load(site([play]))).warnings).toEqual([]);
  });

  test('throttle is warned of', async () => {
    const { warnings } = await load(playing({ command: 'true', throttle: 1 }));
    expect(warnings).toEqual([expect.stringContaining('throttle has no effect')]);
  });

  test('loop_control without a loop is warned of', async () => {
    const { warnings } = await load(playing({ command: 'true', loop_control: { label: 'x' } }));
    expect(warnings).toEqual([expect.stringContaining('loop_control without a loop has no effect')]);
  });
});

test('without an inventory it is left out where another play has hosts, and refused else', async () => {
  const play = (hosts: string) => ({ hosts, tasks: [{ command: 'true' }] });
  const { plays, warnings } = await load({ 'site.yml': JSON.stringify([play('localhost'), play('web')]) });
  expect(plays.map(({ hosts }) => hosts)).toEqual([['localhost'], []]);
  expect(warnings[0]).toContain("there is no host or group 'web', the play goes on without it");
  const problems = await problemsOf({ 'site.yml': JSON.stringify([play('web')]) });
  expect(problems).toMatchObject([{ code: 'unknown-host', message: "there is no host or group 'web'" }]);
});

test('a play for a group that the inventory lacks is left out with a warning', async () => {
  const { plays, warnings } = await load(site([{ hosts: 'databases', tasks: [{ command: 'true' }] }]));
  expect(plays.map(({ hosts }) => hosts)).toEqual([[]]);
  expect(warnings[0]).toContain("there is no host or group 'databases', the play goes on without it");
});

test.each([
  ['sorted', ['h1', 'h2']],
  ['reverse_sorted', ['h2', 'h1']],
  ['inventory', ['h2', 'h1']],
  ['reverse_inventory', ['h1', 'h2']],
])('order: %s', async (order, expected) => {
  const hosts = { all: { hosts: { h2: {}, h1: {} } } };
  const play = { hosts: 'all', order, tasks: [{ command: 'true' }] };
  const { plays } = await load({ 'site.yml': JSON.stringify({ inventory: hosts, plays: [play] }) });
  expect(plays[0]?.hosts).toEqual(expected);
});
