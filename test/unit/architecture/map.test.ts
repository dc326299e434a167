import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
// Its paths begin in src, or in the project; those of the bundle in build.
const roots = ['src', '.', 'build'];

function isThere(path: string): boolean {
  return roots.some((start) => existsSync(join(root, start, path)));
}

// The first block of a section, the list of what is drawn there.
function drawn(heading: string): string {
  const [, rest = ''] = map.split(`\n## ${heading}`);
  return rest.split('```')[1] ?? '';
}

describe('docs/architecture.md', () => {
  it('names files and folders that are there', () => {
    const named = [...map.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|sh|md|json|yml)|(?:[\w.-]+\/)+)`/g)];
    const lost = named.map(([, path]) => path ?? '').filter((path) => !isThere(path) && path !== 'dist/');
    expect(named.length).toBeGreaterThan(80);
    expect(lost).toEqual([]);
  });

  it.each(['', 'jinja', 'language', 'resources', 'transport'])('draws every room of src/%s', (room) => {
    const folders = readdirSync(join(root, 'src', room), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const rooms = drawn('Rooms of src/');
    const lost = names.filter((name) => !rooms.includes(room === '' ? `\n ${name}` : `${name}/`));
    expect(lost).toEqual([]);
  });

  it('draws what is inside of a domain', () => {
    const names = drawn('Domains').matchAll(/^ ?([\w-]+)\/ /gm);
    const inside = readdirSync(join(root, 'src/domains/tls-logs'), { withFileTypes: true });
    const folders = inside.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...names].map(([, name]) => name).toSorted()).toEqual(folders.toSorted());
  });
});
