import { describe, expect, it } from 'vitest';
import { importsOf, ringOf, sourceImports, sourceText } from '../../helpers/architecture/source-imports.ts';
import { libraries, rooms } from './rooms.ts';

function roomOf(file: string): string {
  const names = [...rooms.keys()].filter((name) => isIn(file, name));
  return names.toSorted((one, other) => other.length - one.length)[0] ?? `no room has ${file}`;
}

function isIn(room: string, wider: string): boolean {
  return room === wider || room.startsWith(`${wider}/`);
}

// A name that is no room itself means all that are in it.
function isMeant(room: string, name: string): boolean {
  return rooms.has(name) ? room === name : isIn(room, name);
}

function mayImport(here: string, there: string): boolean {
  return here === there || (rooms.get(here)?.some((allowed) => isMeant(there, allowed)) ?? false);
}

const all = sourceImports();

describe('imports of src', () => {
  it('are found in all their forms', () => {
    const text = `import { a } from './a.ts';\nimport type {\n  B,\n} from '../b.ts';\nimport './c.ts';\nexport { d } from 'node:d';
const { e } = await import('@e/f/g.js');\ntype H = typeof import('./h.ts');`;
    expect(importsOf('x/y.ts', text)).toEqual([
      { from: 'x/y.ts', to: 'x/a.ts', library: undefined, typeOnly: false },
      { from: 'x/y.ts', to: 'b.ts', library: undefined, typeOnly: true },
      { from: 'x/y.ts', to: 'x/c.ts', library: undefined, typeOnly: false },
      { from: 'x/y.ts', to: undefined, library: undefined, typeOnly: false },
      { from: 'x/y.ts', to: undefined, library: '@e/f', typeOnly: false },
      { from: 'x/y.ts', to: 'x/h.ts', library: undefined, typeOnly: true },
    ]);
    expect(all.length).toBeGreaterThan(1500);
  });

  it('go from room to room as the table allows', () => {
    const wrong = all.flatMap(({ from, to }) =>
      to === undefined || mayImport(roomOf(from), roomOf(to)) ? [] : [`${from} imports ${to}`],
    );
    expect(wrong).toEqual([]);
  });

  it('are allowed only where they are used', () => {
    const used = all.flatMap(({ from, to }) => (to ? [{ from: roomOf(from), to: roomOf(to) }] : []));
    const idle = [...rooms].flatMap(([room, allowed]) =>
      allowed
        .filter((other) => !used.some(({ from, to }) => from === room && isMeant(to, other)))
        .map((other) => `${room} > ${other}`),
    );
    expect(idle).toEqual([]);
  });

  it('go down only: no room leads back to itself', () => {
    const names = [...rooms.keys()];
    const downs = names.flatMap((from) =>
      names
        .filter((to) => to !== from && mayImport(from, to))
        .map((to) => ({ from, to, library: undefined, typeOnly: false })),
    );
    expect(ringOf(downs)).toBeUndefined();
  });

  it('of libraries are in their rooms alone', () => {
    const wrong = all.flatMap(({ from, library }) =>
      library === undefined || libraries[library]?.rooms.some((room) => isIn(from, room))
        ? []
        : [`${from} imports ${library}`],
    );
    expect(wrong).toEqual([]);
    const used = new Set(all.map(({ library }) => library));
    expect(Object.keys(libraries).filter((library) => !used.has(library))).toEqual([]);
  });

  it('of one library are in one room, or it is said why not', () => {
    const unexplained = Object.entries(libraries).filter(
      ([, { rooms: some, why }]) => some.length > 1 && !why,
    );
    expect(unexplained).toEqual([]);
  });

  it('run in no ring, types counted', () => {
    const [one, other] = [importsOf('x/a.ts', "import './b.ts';"), importsOf('x/b.ts', "import './a.ts';")];
    expect(ringOf([...one, ...other])).toEqual(['x/a.ts', 'x/b.ts', 'x/a.ts']);
    expect(ringOf(all)).toBeUndefined();
  });
});

describe('the engine', () => {
  it('speaks of no certificate, but to people', () => {
    const engine = all
      .map(({ from }) => from)
      .filter((file) =>
        /^(?:runner|planner|language|jinja|probes|transport)\/|^resources\/(?:resource|domain)\.ts/.test(
          file,
        ),
      );
    const code = (file: string) => sourceText(file).replace(/'[^'\n]*'|`[^`]*`/g, '');
    expect([...new Set(engine)].filter((file) => /certificate|x509/i.test(code(file)))).toEqual([]);
  });
});
