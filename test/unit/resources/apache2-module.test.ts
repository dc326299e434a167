import { describe, expect, test } from 'vitest';
import { apache2Module } from '../../../src/resources/apache2-module.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';

const there = { tools: true, available: true, enabled: false };
const args = (value: object) => prepared(apache2Module, { name: 'rewrite', ...value }) as never;

describe('a module of apache2', () => {
  test.each([
    [{}, there, 'disabled -> enabled', 'a2enmod -q rewrite'],
    [{}, { ...there, enabled: true }, undefined, undefined],
    [{ state: 'absent' }, there, undefined, undefined],
    [{ state: 'absent' }, { ...there, enabled: true }, 'enabled -> disabled', 'a2dismod -q rewrite'],
    [
      { state: 'absent', force: true },
      { ...there, enabled: true },
      'enabled -> disabled',
      'a2dismod -q -f rewrite',
    ],
  ])('%j', (want, have, change, command) => {
    const changes = apache2Module.diff(args(want), have);
    expect(changes.map(({ from, to }) => `${from} -> ${to}`)).toEqual(change ? [change] : []);
    const scripts = apache2Module
      .steps(args(want), changes, have)
      .map((step) => ('script' in step ? step.script : ''));
    expect(scripts.map((script) => script.split('\n').at(-1))).toEqual(command ? [command] : []);
  });

  test.each([
    [{}, { ...there, tools: false }, 'is the package apache2 installed?'],
    [{}, { ...there, available: false }, 'there is no /etc/apache2/mods-available/rewrite.load'],
  ])('%j of %j is refused', (want, have, message) => {
    expect(apache2Module.refuse?.(args(want), have).join()).toContain(message);
  });

  test('that is not there may be absent, and register sees what Ansible says', () => {
    const want = args({ state: 'absent' });
    expect(apache2Module.refuse?.(want, { ...there, available: false })).toEqual([]);
    expect(apache2Module.result?.(want, there, [])).toEqual({ result: 'Module rewrite disabled' });
  });
});
