import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CaseOutcome, Comparison, casesIn } from '../helpers/ansible/comparison.ts';

// A case is a playbook dropped into this folder: hosts: localhost, files below {{ out }} or what debug says, and it must not fail.
// What debug says costs Ansible a tenth of a file.
const folder = join(import.meta.dirname, 'ansible');
const comparison = new Comparison(folder);
let theirs: ReadonlyMap<string, CaseOutcome>;
let ours: ReadonlyMap<string, CaseOutcome>;

beforeAll(async () => {
  [theirs, ours] = await Promise.all([comparison.ansible(), comparison.provision()]);
}, 600_000);
afterAll(() => comparison.remove());

test.each(casesIn(folder))('%s ends as with Ansible', (name) => {
  const expected = theirs.get(name);
  expect({ ...expected?.files, ...expected?.said }).not.toEqual({});
  expect(ours.get(name)).toEqual(expected);
});
