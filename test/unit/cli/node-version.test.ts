import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeComplaint } from '../../../src/cli/node-version.ts';

const range = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).engines
  .node;

describe('nodeComplaint', () => {
  it.each(['v22.18.0', 'v22.21.3', 'v24.11.0', 'v24.21.0', 'v26.0.0', 'v27.1.0'])('%s will do', (version) => {
    expect(nodeComplaint(version, range, '/opt/provision/main.js')).toBeUndefined();
  });

  it.each(['v18.20.4', 'v20.20.0', 'v22.17.9', 'v23.9.0', 'v24.10.9', 'v25.3.0'])(
    '%s will not, and it says what to do',
    (version) => {
      const complaint = nodeComplaint(version, range, '/opt/provision/main.js');
      expect(complaint).toContain(`provision needs Node ${range}; this is ${version}.`);
      expect(complaint).toContain('npx -y -p node@24 -- node /opt/provision/main.js');
    },
  );
});
