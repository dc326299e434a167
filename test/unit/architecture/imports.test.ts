import { describe, expect, it } from 'vitest';
import { importsOf, ringOf, sourceImports, sourceText } from '../../helpers/architecture/source-imports.ts';

/*
 * Which room of src/ may import which. A room is a folder, or a single file; of several that fit, the longest counts.
 * A change here is a change to the architecture, and belongs into docs/architecture.md too.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  shell: [],
  probes: ['shell'],
  resources: ['probes', 'shell'],
  'jinja/values': ['errors'],
  'jinja/filters': ['jinja/values', 'errors'],
  'jinja/expression': ['jinja/filters', 'jinja/values', 'errors'],
  'jinja/template': ['jinja/expression', 'jinja/filters', 'jinja/values', 'errors'],
  'language/model.ts': ['errors'],
  'language/play-members.ts': ['language/model.ts'],
  'language/tag-selection.ts': [],
  'language/source/yaml': ['language/model.ts', 'errors'],
  'language/source/schema': ['resources', 'errors'],
  'language/source/loading': [
    'language/source/yaml',
    'language/source/schema',
    'language/model.ts',
    'resources',
    'errors',
  ],
  'language/inventory': [
    'language/source/loading',
    'language/source/schema',
    'language/source/yaml',
    'language/model.ts',
    'errors',
  ],
  'language/evaluate': [
    'language/source/loading',
    'language/source/schema',
    'language/source/yaml',
    'language/play-members.ts',
    'language/model.ts',
    'jinja/template',
    'jinja/values',
    'resources',
    'errors',
  ],
  'language/variable-check': [
    'language/evaluate',
    'language/source/loading',
    'language/play-members.ts',
    'language/model.ts',
    'jinja/template',
    'jinja/expression',
    'jinja/filters',
    'jinja/values',
    'resources',
    'errors',
  ],
  'language/keywords': ['language/source/schema', 'language/source/yaml', 'errors'],
  'language/tasks': [
    'language/keywords',
    'language/source/loading',
    'language/source/schema',
    'language/source/yaml',
    'language/model.ts',
    'resources',
    'errors',
  ],
  'language/roles': [
    'language/tasks',
    'language/keywords',
    'language/source/loading',
    'language/source/schema',
    'language/source/yaml',
    'language/model.ts',
    'errors',
  ],
  'language/playbook': [
    'language/roles',
    'language/tasks',
    'language/keywords',
    'language/inventory',
    'language/source/loading',
    'language/source/schema',
    'language/source/yaml',
    'language/tag-selection.ts',
    'language/model.ts',
    'errors',
  ],
  'language/load-options.ts': ['resources'],
  'language/load.ts': [
    'language/load-options.ts',
    'language/playbook',
    'language/roles',
    'language/variable-check',
    'language/inventory',
    'language/source/loading',
    'language/model.ts',
    'errors',
  ],
  transport: [],
  planner: ['language/evaluate', 'language/model.ts', 'resources', 'probes', 'shell'],
  runner: [
    'planner',
    'language/evaluate',
    'language/play-members.ts',
    'language/tag-selection.ts',
    'language/model.ts',
    'jinja/template',
    'resources',
    'probes',
    'transport',
    'shell',
    'errors',
  ],
  report: ['runner', 'resources', 'errors'],
  schedule: ['errors'],
  cli: ['report', 'runner', 'language/load.ts', 'language/model.ts', 'resources', 'shell', 'errors'],
  // Only the top knows which domains there are.
  'cli/command-line.ts': ['cli', 'domains/domains.ts'],
  'cli/command-line-module.ts': ['cli/command-line.ts'],
  'cli/main.ts': ['cli', 'cli/command-line-module.ts'],
  'domains/domains.ts': ['cli', 'domains/tls-logs/entry.ts'],
  'domains/tls-logs/certificates': ['resources'],
  'domains/tls-logs/probes': ['probes', 'shell'],
  'domains/tls-logs/ledger': ['domains/tls-logs/certificates', 'resources'],
  'domains/tls-logs/private-ca': ['domains/tls-logs/certificates', 'resources', 'shell', 'errors'],
  'domains/tls-logs/resources': [
    'domains/tls-logs/probes',
    'domains/tls-logs/certificates',
    'domains/tls-logs/ledger',
    'domains/tls-logs/private-ca',
    'resources',
    'probes',
    'shell',
  ],
  'domains/tls-logs/commands': [
    'domains/tls-logs/certificates',
    'domains/tls-logs/ledger',
    'domains/tls-logs/private-ca',
    'domains/tls-logs/resources',
    'cli',
    'schedule',
    'report',
    'runner',
    'language/load.ts',
    'language/evaluate',
    'language/model.ts',
    'resources',
    'transport',
    'shell',
    'errors',
  ],
  'domains/tls-logs/domain.ts': ['domains/tls-logs/private-ca', 'domains/tls-logs/resources', 'resources'],
  'domains/tls-logs/entry.ts': ['domains/tls-logs/domain.ts', 'domains/tls-logs/commands', 'cli'],
};

/** The only rooms that may import a library; every library that src uses stands here. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  typebox: ['language/keywords', 'resources', 'domains/tls-logs/resources'],
  'js-yaml': ['language/source/yaml', 'jinja/filters'],
  ajv: ['language/source/schema'],
  'node-ssh': ['transport'],
  ssh2: ['transport'],
  'ssh-config': ['transport'],
  listr2: ['report'],
  diff: ['report'],
  // Options are declared where commands are; the library does nothing but read them.
  commander: ['cli', 'cli/command-line.ts', 'domains/tls-logs/commands'],
  '@peculiar/x509': ['domains/tls-logs/private-ca'],
  'age-encryption': ['domains/tls-logs/private-ca'],
};

function roomOf(file: string): string {
  const names = Object.keys(rooms).filter((name) => file === name || file.startsWith(`${name}/`));
  return names.toSorted((one, other) => other.length - one.length)[0] ?? `no room has ${file}`;
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
    const wrong = all.flatMap(({ from, to }) => {
      if (to === undefined) return [];
      const [here, there] = [roomOf(from), roomOf(to)];
      return here === there || rooms[here]?.includes(there) ? [] : [`${from} imports ${to}`];
    });
    expect(wrong).toEqual([]);
  });

  it('allow nothing that is not used', () => {
    const used = new Set(all.flatMap(({ from, to }) => (to ? [`${roomOf(from)} > ${roomOf(to)}`] : [])));
    const idle = Object.entries(rooms).flatMap(([room, allowed]) =>
      allowed.filter((other) => !used.has(`${room} > ${other}`)).map((other) => `${room} > ${other}`),
    );
    expect(idle).toEqual([]);
  });

  it('go down only: no room leads back to itself', () => {
    const downs = Object.entries(rooms).flatMap(([from, below]) =>
      below.map((to) => ({ from, to, library: undefined, typeOnly: false })),
    );
    expect(ringOf(downs)).toBeUndefined();
  });

  it('of libraries are in their rooms alone', () => {
    const wrong = all.flatMap(({ from, library }) =>
      library === undefined || libraries[library]?.includes(roomOf(from))
        ? []
        : [`${from} imports ${library}`],
    );
    expect(wrong).toEqual([]);
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
