import { globSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { renderFile, templateOfFile } from '../../jinja/template/template.ts';
import type { IncludedTemplate, TemplateEnvironment } from '../../jinja/template/template-environment.ts';
import { settingsOf } from '../../jinja/template/template-settings.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import type { SourceArgument, SourceFile, SourceTree } from '../../resources/resource.ts';
import { findFile, firstExisting, withHome } from '../source/loading/file-search.ts';
import { displayPath, pathKind } from '../source/loading/loading.ts';
import { belowDirectory } from './below-directory.ts';
import type { FileCache } from './file-cache.ts';
import type { ScopeFiles } from './scope-world.ts';
import { expressionAt, placeInFile } from './text-place.ts';

/** Files of the control node as one task sees them. */
export class TaskFiles implements ScopeFiles {
  readonly #cache: FileCache;
  readonly #searchPath: readonly string[];
  readonly #directory: string;
  /** Directories of the template files that are being rendered. */
  readonly #beside: string[] = [];

  constructor(cache: FileCache, searchPath: readonly string[], playbookDirectory: string) {
    this.#cache = cache;
    this.#directory = playbookDirectory;
    this.#searchPath = [...new Set([...searchPath, playbookDirectory])];
  }

  text(name: string, beside: string | undefined): string {
    const own = firstExisting(beside === undefined ? [] : [resolve(beside, withHome(name))]).path;
    return this.#cache.read(own ?? this.path(name, 'files')).toString('utf8');
  }

  template(name: string): IncludedTemplate | undefined {
    const beside = firstExisting(this.#beside.map((directory) => join(directory, name)));
    const path = beside.path ?? findFile(this.#searchPath, 'templates', name).path;
    if (path === undefined) return undefined;
    const text = this.#cache.read(path).toString('utf8');
    try {
      return { body: templateOfFile(text), locate: (span) => placeInFile(displayPath(path), text, span) };
    } catch (error) {
      throw inFile(error, path, text);
    }
  }

  /**
   * The file that a resource's argument names, rendered if it is a template. Throws TemplateError.
   * @param args the other arguments: how to render it may be among them
   */
  source(
    name: string,
    source: SourceArgument,
    environment: TemplateEnvironment,
    args: unknown = {},
  ): SourceFile {
    const path = this.path(name, source.folder);
    const content = this.#cache.read(path);
    if (!source.render) return { path, content };
    const text = content.toString('utf8');
    this.#beside.push(dirname(path));
    try {
      return { path, content: Buffer.from(renderFile(text, environment, settingsOf(args))) };
    } catch (error) {
      throw inFile(error, path, text);
    } finally {
      this.#beside.pop();
    }
  }

  /** The directory that a resource's argument names; undefined where it names a file. */
  tree(name: string, folder: string): SourceTree | undefined {
    const { path } = findFile(this.#searchPath, folder, name);
    if (path === undefined || pathKind(path) !== 'directory') return undefined;
    const { directories, files } = belowDirectory(path);
    return {
      path: path.replace(/(.)\/+$/, '$1'),
      directories,
      files: files.map((file) => ({
        name: file,
        content: this.#cache.read(join(path, file)),
        mode: statSync(join(path, file)).mode & 0o7777,
      })),
    };
  }

  /** Where a name that may not exist yet leads to: as Ansible has it, beside the playbook; a `/` at its end stays. */
  place(name: string, folder: string): string {
    const place = findFile(this.#searchPath, folder, name).path ?? resolve(this.#directory, withHome(name));
    return name.endsWith('/') && !place.endsWith('/') ? `${place}/` : place;
  }

  secret(name: string, make: (known: string | undefined) => string, write: boolean): string {
    const path = resolve(this.#directory, withHome(name));
    return this.#cache.secret(path, make, write);
  }

  command(command: string): string {
    return this.#cache.command(command, this.#directory);
  }

  locate(name: string, folder: string): string | undefined {
    return findFile(this.#searchPath, folder, name).path;
  }

  // Of the first directory in which the folder of the pattern is.
  glob(pattern: string): readonly string[] {
    const folder = findFile(this.#searchPath, 'files', dirname(pattern)).path;
    if (folder === undefined || pathKind(folder) !== 'directory') return [];
    return globSync(basename(pattern), { cwd: folder })
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => pathKind(path) === 'file');
  }

  /** Whether a name leads to a file. */
  exists(name: string, folder: string): boolean {
    return findFile(this.#searchPath, folder, name).path !== undefined;
  }

  /** Where a file is. Throws TemplateError that names all places in which it was looked for. */
  path(name: string, folder: string): string {
    const found = findFile(this.#searchPath, folder, name);
    if (found.path === undefined) {
      throw new TemplateError(`there is no file '${name}'`, undefined, {
        code: 'missing-file',
        why: `looked for ${found.tried.join(', ')}`,
        hint: `put it into the folder ${folder}/`,
      });
    }
    if (pathKind(found.path) === 'file') return found.path;
    throw new TemplateError(`'${displayPath(found.path)}' is a directory, not a file`, undefined, {
      code: 'missing-file',
      hint: 'name each file, for instance with a loop',
    });
  }
}

function inFile(error: unknown, path: string, text: string): unknown {
  if (error instanceof TemplateError) {
    if (!error.place && error.span) error.expression = expressionAt(text, error.span);
    error.place ??= placeInFile(displayPath(path), text, error.span ?? { at: 0, end: 1 });
  }
  return error;
}
