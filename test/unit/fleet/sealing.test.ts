import { expect, test } from 'vitest';
import { FleetKey } from '../../../src/fleet/sealing.ts';

test('what is sealed opens with the key of the run, at its place, and unaltered only', async () => {
  const key = new FleetKey(await FleetKey.generate());
  const { seal, stored } = await key.newRun('r1');
  const value = { text: 'pea-Soup', list: [1, undefined], map: new Map([['a', 1]]) };
  const sealed = seal.closeValue(value, 'events 1');
  expect((await key.ofRun('r1', stored)).openValue(sealed, 'events 1')).toEqual(value);
  expect(sealed.includes('pea-Soup')).toBe(false);
  const altered = Buffer.from(sealed);
  altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1);
  for (const [body, place] of [
    [sealed, 'events 2'],
    [altered, 'events 1'],
    [Buffer.alloc(5), 'events 1'],
  ] as const)
    expect(() => seal.openValue(body, place)).toThrow(/was not written by this fleet, or has been altered/);
});

test("another fleet's run, and one that was moved, do not open", async () => {
  const [one, other] = [new FleetKey(await FleetKey.generate()), new FleetKey(await FleetKey.generate())];
  const { stored } = await one.newRun('r1');
  await expect(other.ofRun('r1', stored)).rejects.toThrow(/run r1 in the fleet's database was not written/);
  await expect(one.ofRun('r2', stored)).rejects.toThrow(/run r2 in the fleet's database was not written/);
});

test('the same content has one name in a fleet, and another one elsewhere', async () => {
  const [one, other] = [new FleetKey(await FleetKey.generate()), new FleetKey(await FleetKey.generate())];
  const content = Buffer.from('x');
  expect(one.nameOf(content)).toBe(one.nameOf(Buffer.from('x')));
  expect(one.nameOf(content)).not.toBe(other.nameOf(content));
});
