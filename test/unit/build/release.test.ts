import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeRelease } from '../../../build/release/release-files.ts';
import { releaseNotes } from '../../../build/release/release-notes.ts';

const root = join(import.meta.dirname, '../../..');
const head = '# Changelog\n\nWords.\n\n## [Unreleased]\n\n';
const ready = `${head}## [1.2.0] - 2026-11-28\n\n### Upgrade notes\n- None.\n\n### Added\n- A thing.\n\n## [1.1.0] - 2026-01-01\n\n### Added\n- An old thing.\n`;

describe('the text of a tag', () => {
  test('is the section of the version, without marks that git takes for comments', () => {
    expect(releaseNotes(ready, '1.2.0')).toBe(
      'provision 1.2.0\n\nUpgrade notes\n- None.\n\nAdded\n- A thing.\n',
    );
  });

  test.each([
    ['1.3.0', ready, 'package.json has version 1.3.0, but the first of CHANGELOG.md is 1.2.0'],
    [
      '1.2.0',
      ready.replace('[Unreleased]\n', '[Unreleased]\n\n### Added\n- More.\n'),
      'move them below ## [1.2.0]',
    ],
    ['1.2.0', ready.replace('2026-11-28', 'unreleased'), 'CHANGELOG.md gives no date for 1.2.0'],
    ['1.2.0', ready.replace('### Upgrade notes', '### Changed'), 'no ### Upgrade notes for 1.2.0'],
    ['1.2.0', head.replace('Unreleased', '1.2.0'), 'does not begin with ## [Unreleased]'],
    ['1.2.0', head, 'the first of CHANGELOG.md is none'],
  ])('of %s is refused where the changelog is not ready (%#)', (version, changelog, words) => {
    expect(() => releaseNotes(changelog, version)).toThrow(words);
  });

  test('of the next release can be made when nothing is unreleased', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
    const whole = changelog.replace(/(## \[Unreleased\]\n)[\s\S]*?(?=## \[)/, '$1\n');
    expect(releaseNotes(whole, version)).toMatch(new RegExp(`^provision ${version}\n\nUpgrade notes\n- `));
  });
});

test('a release is its packages, their checksums and the text of its tag, and nothing of the one before', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'provision-release-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = {
    'package.json': JSON.stringify({ ...facts, version: '1.2.0' }),
    'CHANGELOG.md': ready,
    'dist/cli/main.js': '#!/usr/bin/env node\n',
    'roles/a/tasks/main.yml': '[]\n',
    'playbooks/a.yml': '[]\n',
    'docs/a.md': 'a\n',
    'README.md': 'a\n',
    LICENSE: 'a\n',
    'packages/provision-ssh-provision-1.1.0.tgz': 'the one before',
    'packages/mine.txt': 'not of a release',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
  const output = join(checkout, 'packages');
  const made = ['provision-ssh-provision-1.2.0.tgz', 'SHA256SUMS', 'TAG'];
  expect(makeRelease(checkout, output, ['npm'])).toEqual({ version: '1.2.0', files: made });
  expect(readdirSync(output).toSorted()).toEqual([...made, 'mine.txt'].toSorted());
  // As `sha256sum -c` reads it.
  const [archive = ''] = made;
  const sum = createHash('sha256')
    .update(readFileSync(join(output, archive)))
    .digest('hex');
  expect(readFileSync(join(output, 'SHA256SUMS'), 'utf8')).toBe(`${sum}  ${archive}\n`);
  expect(readFileSync(join(output, 'TAG'), 'utf8')).toBe(releaseNotes(ready, '1.2.0'));
});
