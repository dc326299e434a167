import { expect, test } from 'vitest';
import { hostvarsReads } from '../../../src/fleet/hostvars-reads.ts';

test.each([
  ["{{ hostvars['h1'].address }}", ['address'], false],
  ["{{ hostvars[groups['db'][0]]['key'] }}", [], true],
  ["{{ hostvars[item]['key'] }} and {{ hostvars.h2.port }}", ['key', 'port'], false],
  ['{{ hostvars["h1"] ["ansible_facts"] }}', ['ansible_facts'], false],
  ["{{ hostvars['h1'] }}", [], true],
  ["{{ hostvars['h1'][name] }}", [], true],
  ["{{ hostvars['h1'].get('x') }}", [], true],
  ["{{ groups.db | map('extract', hostvars, 'x') }}", [], true],
  ['my_hostvars.h1.x', [], false],
])('%s', (text, names, anything) => {
  expect(hostvarsReads([text])).toEqual({ names: new Set(names), anything });
});
