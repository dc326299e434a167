import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ProvisionError } from '../../../../src/errors/problem.ts';
import { readSettings } from '../../../../src/language/settings/settings-file.ts';

function directory(text: string | undefined): string {
  const path = mkdtempSync(join(tmpdir(), 'provision-settings-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  if (text !== undefined) writeFileSync(join(path, 'provision.yml'), text);
  return path;
}

function complaints(text: string): readonly string[] {
  try {
    readSettings(directory(text));
    return [];
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    return error.problems.map(({ message, at, hint }) => [at?.line, message, hint].join(': '));
  }
}

describe('provision.yml', () => {
  test.each([
    [undefined, {}],
    ['', {}],
    ['inventory: hosts.yml\nforks: "5"\nbecome: yes\n', { inventory: ['hosts.yml'], forks: 5, become: true }],
    ['inventory: [a, b]\nuser: anna\n', { inventory: ['a', 'b'], user: 'anna' }],
    ['- hosts: all\n  tasks: []\n', {}],
    ['plays: [{ hosts: all }]\n', {}],
  ])('%j', (text, values) => {
    expect(readSettings(directory(text))).toEqual({ values });
  });

  test('all that is wrong in it, with its place', () => {
    const found = complaints('inventry: hosts.yml\nforks: 0\nuser: anna\n');
    expect(found).toHaveLength(2);
    expect(found[0]).toContain("1: unknown key 'inventry'");
    expect(found[0]).toContain("did you mean 'inventory'?");
    expect(found[1]).toContain('2: ');
  });

  test('nobody else chooses the hosts: it is not read where everybody can write', () => {
    const path = directory('inventory: hosts.yml\n');
    chmodSync(path, 0o1777);
    expect(readSettings(path)).toEqual({
      values: {},
      warning: expect.stringContaining('everybody can write'),
    });
  });
});
