import { globSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { textOf } from '../values/value.ts';
import { type FilterTable, filter } from './filters-definition.ts';

// As Python has it: what is not there is taken as it is written.
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPath(above), basename(whole));
  }
}

function expandedUser(path: string): string {
  const [, name = '', rest = ''] = /^~([^/]*)(.*)$/s.exec(path) ?? [undefined, undefined, undefined];
  if (!path.startsWith('~')) return path;
  return name === '' || name === userInfo().username ? homedir() + rest : path;
}

function expandedVariables(text: string): string {
  return text.replaceAll(
    /\$(?:\{([^}]*)\}|(\w+))/g,
    (whole, braced?: string, bare?: string) => process.env[braced ?? bare ?? ''] ?? whole,
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function windowsDrive(path: string): readonly string[] {
  const [, drive = '', rest = ''] = /^([A-Za-z]:|[\\/]{2}[^\\/]+[\\/]+[^\\/]+)?(.*)$/s.exec(path) ?? [];
  return [drive, rest];
}

/** Filters about paths of the control node, and about those of other systems. */
export const controlNodeFilters: FilterTable = {
  realpath: filter([], (value) => realPath(textOf(value))),
  expanduser: filter([], (value) => expandedUser(textOf(value))),
  expandvars: filter([], (value) => expandedVariables(textOf(value))),
  fileglob: filter([], (value) => globSync(textOf(value)).filter(isFile).sort()),
  win_basename: filter([], (value) => /[^\\/]*$/.exec(textOf(value))?.[0] ?? ''),
  win_dirname: filter([], (value) => {
    const [drive = '', rest = ''] = windowsDrive(textOf(value));
    const above = rest.slice(0, rest.length - (/[^\\/]*$/.exec(rest)?.[0].length ?? 0));
    return drive + (above.replace(/[\\/]+$/, '') || above);
  }),
  win_splitdrive: filter([], (value) => windowsDrive(textOf(value))),
};

const kindIs = (kind: 'isFile' | 'isDirectory') =>
  filter([], (value) => statSync(textOf(value), { throwIfNoEntry: false })?.[kind]() === true);
const file = kindIs('isFile');
const directory = kindIs('isDirectory');
const link = filter(
  [],
  (value) => lstatSync(textOf(value), { throwIfNoEntry: false })?.isSymbolicLink() === true,
);
const sameFile = filter(['other'], (value, [other]) => {
  const [one, two] = [value, other].map((path) => statSync(textOf(path), { throwIfNoEntry: false }));
  return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
});
const mount = filter([], (value) => {
  const path = resolve(textOf(value));
  const here = lstatSync(path, { throwIfNoEntry: false });
  if (!here || here.isSymbolicLink()) return false;
  const above = lstatSync(join(realPath(path), '..'));
  return here.dev !== above.dev || here.ino === above.ino;
});

/** Tests of paths of the control node. */
export const controlNodeTests: FilterTable<boolean> = {
  file,
  is_file: file,
  directory,
  is_dir: directory,
  link,
  is_link: link,
  exists: filter([], (value) => statSync(textOf(value), { throwIfNoEntry: false }) !== undefined),
  link_exists: filter([], (value) => lstatSync(textOf(value), { throwIfNoEntry: false }) !== undefined),
  is_abs: filter([], (value) => textOf(value).startsWith('/')),
  same_file: sameFile,
  is_same_file: sameFile,
  mount,
  is_mount: mount,
};
