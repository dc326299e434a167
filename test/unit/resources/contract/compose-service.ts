import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { StandInDocker } from '../../../helpers/containers/stand-in-docker.ts';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

const file = (word: string) => join(word, 'docker-compose.yml');

export const cases: readonly ContractCase[] = [
  {
    environment: (directory) => StandInDocker.environmentOf(join(directory, 'bin')),
    before: (directory, word) => {
      new StandInDocker(join(directory, 'bin'));
      mkdirSync(join(directory, word), { recursive: true });
      writeFileSync(join(directory, file(word)), 'services:\n  s:\n    image: x # y\n    command: a\n');
    },
    args: (directory, word) => ({
      project_src: join(directory, word),
      service: 's',
      state: 'present',
      settings: { environment: { A: word }, volumes: [{ type: 'bind', source: word, target: '/w' }] },
      replace: [{ texts: ['a', word], with: `b ${word}` }],
    }),
    after: (directory, word) => {
      const text = contentOf(directory, file(word));
      expect(text).toMatch(/^services:\n {2}s:\n {4}image: x # y\n/);
      expect(parse(text, { version: '1.1' }).services.s).toMatchObject({
        command: `b ${word}`,
        environment: { A: word },
        volumes: [{ type: 'bind', source: word, target: '/w' }],
      });
    },
  },
];
