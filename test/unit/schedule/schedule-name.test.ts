import { describe, expect, it } from 'vitest';
import { nameComplaint, scheduleName } from '../../../src/schedule/schedule-name.ts';

describe('scheduleName', () => {
  it.each([
    ['/srv/home-lab.yml', /^provision-home-lab-[0-9a-f]{8}$/],
    ['/srv/My Lab (2).yaml', /^provision-My-Lab-2-[0-9a-f]{8}$/],
    ['/srv/ü.yml', /^provision-[0-9a-f]{8}$/],
    [`/srv/${'x'.repeat(200)}.yml`, /^provision-x{60}-[0-9a-f]{8}$/],
  ])('%s', (path, name) => {
    expect(scheduleName(path)).toMatch(name);
    expect(nameComplaint(scheduleName(path))).toBeUndefined();
  });

  it('differs for files of the same name in two folders, and stays the same for one', () => {
    expect(scheduleName('/a/site.yml')).not.toBe(scheduleName('/b/site.yml'));
    expect(scheduleName('/a/site.yml')).toBe(scheduleName('/a/site.yml'));
  });
});

describe('nameComplaint', () => {
  it.each(['', 'a b', '../ssh', 'a@b', '-x', '.x', 'a:b', 'x\ny', 'x'.repeat(101)])(
    '%j cannot be',
    (name) => {
      expect(nameComplaint(name)).toContain('letters, digits');
    },
  );

  it.each(['lab.service', 'lab.timer'])('%s has an ending too many', (name) => {
    expect(nameComplaint(name)).toContain('leave out the ending');
  });

  it.each(['lab', 'Lab_2', '3.x', 'a-b'])('%s can be', (name) => {
    expect(nameComplaint(name)).toBeUndefined();
  });
});
