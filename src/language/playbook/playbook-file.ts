import { dirname, resolve } from 'node:path';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import { hasTemplate } from '../../jinja/values/template-marks.ts';
import { checkKeywords } from '../keywords/keyword-check.ts';
import { importKeywords } from '../keywords/keyword-set.ts';
import { insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import { shown } from '../source/schema/schema-words.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { type Inherited, inherit, outermost } from '../tasks/inherited.ts';
import { shortName } from '../tasks/task-action.ts';
import { beginsAsIni, inventoryGiven, isInventory } from './inventory-given.ts';
import { importedFile, isShipped, misspeltShipped } from './shipped-playbooks.ts';

/** Where a playbook file stands. */
interface FilePlace {
  /** Directory of the file that holds it. */
  readonly directory: string;
  /** Directory of the user's file: where it stands itself, or for one that comes with provision, what imports it. */
  readonly userDirectory: string;
  /** Where the user's file imports it, when it comes with provision. */
  readonly importedAt: Position | undefined;
}

/** A play as it stands in some playbook file. */
interface WrittenPlay extends FilePlace {
  readonly node: YamlNode;
  readonly outer: Pick<Inherited, 'when' | 'tags' | 'vars'>;
}

/** What the files of a playbook hold. */
export interface WrittenPlaybook {
  readonly plays: readonly WrittenPlay[];
  /** The playbook's own inventory. */
  readonly inventory: YamlNode | undefined;
}

const topKeys = ['inventory', 'plays', 'vars'];

/** Collects the plays of a playbook file and of those that it imports. */
class PlaybookReader {
  readonly plays: WrittenPlay[] = [];
  inventory: YamlNode | undefined;
  readonly #loading: Loading;

  constructor(loading: Loading) {
    this.#loading = loading;
  }

  file(
    file: string,
    outer: Inherited,
    chain: readonly string[],
    from: Position | undefined,
    importing?: FilePlace,
  ): void {
    const shownPath = displayPath(file);
    const place = from ? { at: from } : {};
    if (chain.includes(file)) {
      this.#loading.report({ code: 'endless-include', message: 'the playbook imports itself', ...place });
      return;
    }
    if (pathKind(file) === 'directory') {
      const hint = 'name the playbook file inside it';
      this.#loading.report({
        code: 'missing-file',
        message: `${shownPath} is a directory, not a playbook`,
        hint,
        ...place,
      });
      return;
    }
    const text = this.#loading.text(file, from);
    if (text !== undefined && beginsAsIni(text)) {
      this.#loading.report(inventoryGiven({ file: shownPath, line: 1, column: 1 }));
      return;
    }
    const root = this.#loading.yaml(file, from);
    if (!root) return;
    const next = [...chain, file];
    const directory = dirname(file);
    const ours = importing !== undefined && isShipped(file);
    const userDirectory = ours ? importing.userDirectory : directory;
    const stands = {
      directory,
      userDirectory,
      importedAt: ours ? (importing.importedAt ?? from) : undefined,
    };
    if (root.isMapping()) this.#mapping(root, stands, outer, next);
    else if (root.isList()) this.#list(root, stands, outer, next);
    else {
      const message =
        root.value === null
          ? 'the playbook is empty'
          : `a playbook must be a list of plays, not ${shown(root.value)}`;
      const hint = 'begin with `- hosts: ...` and `  tasks:`';
      this.#loading.report({ code: 'empty-playbook', message, at: root.position, hint });
    }
  }

  #mapping(root: YamlNode, stands: FilePlace, outer: Inherited, chain: readonly string[]): void {
    if (!topKeys.some((key) => root.get(key)) && isInventory(root)) {
      this.#loading.report(inventoryGiven(root.position));
      return;
    }
    const isPlay = root.get('hosts') !== undefined;
    if (isPlay) {
      const hint = 'put `- ` before its first line and indent the others by two';
      this.#loading.report({
        code: 'wrong-type',
        message: 'a playbook is a list of plays: this is a single play',
        at: root.position,
        hint,
      });
      return;
    }
    for (const [key] of root.entries()) {
      if (topKeys.includes(key)) continue;
      const hint = didYouMean(key, topKeys);
      const message = `unknown key '${key}' in the playbook`;
      this.#loading.report({ code: 'unknown-key', message, at: root.keyAt(key), ...(hint && { hint }) });
    }
    if (chain.length === 1) this.inventory = root.get('inventory');
    else if (root.get('inventory')) {
      const at = root.keyAt('inventory');
      const message = 'a playbook that is imported cannot have an inventory of its own';
      this.#loading.report({
        code: 'not-supported',
        message,
        at,
        hint: 'put it into the outer playbook, or use -i',
      });
    }
    const vars = root.get('vars');
    if (vars && !vars.isMapping()) {
      this.#loading.report({ code: 'wrong-type', message: "'vars' must be a mapping", at: vars.position });
    }
    const inner = vars?.isMapping()
      ? { ...outer, vars: [...outer.vars, variableLayer('vars of the playbook', vars)] }
      : outer;
    const plays = root.get('plays');
    if (plays?.isList()) this.#list(plays, stands, inner, chain);
    else {
      const at = plays?.position ?? root.position;
      const message = plays ? "'plays' must be a list of plays" : "the playbook needs 'plays'";
      this.#loading.report({ code: 'missing-key', message, at, hint: 'add `plays:` with a list below it' });
    }
  }

  #list(list: YamlNode, stands: FilePlace, outer: Inherited, chain: readonly string[]): void {
    if (list.items().length === 0) {
      const message = 'the playbook has no plays';
      this.#loading.report({
        code: 'empty-playbook',
        message,
        at: list.position,
        hint: 'begin with `- hosts: ...`',
      });
    }
    for (const node of list.items()) {
      const importKey = node
        .entries()
        .find(
          ([key]) => shortName(key) === 'import_playbook' || (key === 'include' && !node.get('hosts')),
        )?.[0];
      if (importKey !== undefined) this.#import(node, importKey, stands, outer, chain);
      else if (node.isMapping()) this.#play(node, stands, outer);
      else {
        const message = `a play must be a mapping, not ${shown(node.value)}`;
        this.#loading.report({
          code: 'wrong-type',
          message,
          at: node.position,
          hint: 'begin it with `- hosts: ...`',
        });
      }
    }
  }

  #play(written: YamlNode, stands: FilePlace, outer: Inherited): void {
    const node = withRemoteUser(written);
    if (node.get('hosts')) {
      this.plays.push({ node, ...stands, outer });
      return;
    }
    this.#loading.report({
      code: 'missing-key',
      message: "the play needs 'hosts'",
      at: node.position,
      hint: 'add `hosts:` with hosts or groups of the inventory',
    });
    this.plays.push({ node, ...stands, outer });
  }

  #import(node: YamlNode, key: string, stands: FilePlace, outer: Inherited, chain: readonly string[]): void {
    const known = importKeywords.names;
    for (const [other] of node.entries()) {
      if (other === key || known.includes(other)) continue;
      const instead = insteadOfKeyword(other);
      const hint = instead ?? didYouMean(other, known);
      const message = instead
        ? `'${other}' is not supported`
        : `unknown key '${other}' beside import_playbook`;
      const code = instead ? 'not-supported' : 'unknown-key';
      this.#loading.report({ code, message, at: node.keyAt(other), ...(hint && { hint }) });
    }
    const keywords = node.only(...known);
    const checked = checkKeywords(keywords, importKeywords, key);
    this.#loading.report(...checked.problems);
    const name = node.get(key);
    if (typeof name?.value !== 'string' || hasTemplate(name.value)) {
      const at = name?.position ?? node.position;
      this.#loading.report({ code: 'wrong-type', message: `${key} needs the literal name of a file`, at });
      return;
    }
    const inner = inherit(
      outer,
      keywords,
      checked.values,
      `vars of the import on line ${node.position.line}`,
    );
    const path = resolve(stands.directory, name.value);
    const meant = misspeltShipped(path, name.value);
    if (meant === undefined) {
      this.file(importedFile(path, name.value, chain), inner, chain, name.position, stands);
      return;
    }
    this.#loading.report({
      code: 'missing-file',
      message: `there is no file ${displayPath(path)}`,
      at: name.position,
      hint: `did you mean '${meant}', which comes with provision?`,
    });
  }
}

/** Reads a playbook file and everything it imports; problems are reported. */
export function readPlaybook(loading: Loading, file: string): WrittenPlaybook {
  const reader = new PlaybookReader(loading);
  reader.file(file, outermost('', [dirname(file)]), [], undefined);
  return { plays: reader.plays, inventory: reader.inventory };
}

// `user` is the word that plays had for it first.
function withRemoteUser(node: YamlNode): YamlNode {
  if (!node.get('user') || node.get('remote_user')) return node;
  const newer = (key: string) => (key === 'user' ? 'remote_user' : key);
  return node.withEntries(
    node.entries().map(([key, part]) => [newer(key), { keyAt: node.keyAt(key), node: part }] as const),
  );
}
