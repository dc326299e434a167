import { expect, test } from 'vitest';
import { KnownLinks } from '../../../src/planner/known-links.ts';

test.each<[why: string, links: Record<string, string>, path: string, behind: readonly string[]]>([
  ['no link', {}, '/a', []],
  ['at its end', { '/a': '/b' }, '/a', ['/b']],
  ['from its own directory', { '/d/a': '../b' }, '/d/a', ['/b']],
  ['above it', { '/d': 'e' }, '/d/a/b', ['/e/a/b']],
  ['of a tree', { '/d': 'e' }, '/d/', ['/e/']],
  ['one behind the other', { '/a': 'b', '/b': '/c/d' }, '/a', ['/b', '/c/d']],
  ['to the root', { '/a': '/' }, '/a/b', ['/b']],
  ['to the root itself', { '/a': '/' }, '/a', ['/']],
  ['another name that begins alike', { '/a': '/b' }, '/ab', []],
  ['in a circle', { '/a': 'b', '/b': 'a' }, '/a', ['/b']],
])('a path is alike where links lead: %s', (_why, links, path, behind) => {
  const known = new KnownLinks();
  for (const [link, points] of Object.entries(links)) known.learn(link, points);
  expect(known.alike([path])).toEqual([path, ...behind]);
});

test('a link that leads deeper into itself has an end', () => {
  const known = new KnownLinks();
  known.learn('/a', '/a/b');
  expect(known.alike(['/a'])).toHaveLength(41);
});

test('what is learned last counts', () => {
  const known = new KnownLinks();
  known.learn('/a', '/b');
  known.learn('/a', '/c');
  expect(known.alike(['/a', '/d'])).toEqual(['/a', '/d', '/c']);
});
