import { join } from 'node:path';
import type { Plugin } from 'rolldown';

/** Schemas are built by our few builders in the bundle; whoever checks by typebox itself still gets it. */
export function lightTypebox(): Plugin {
  return {
    name: 'light-typebox',
    resolveId: (source) => (source === 'typebox' ? join(import.meta.dirname, 'typebox-builders.ts') : null),
  };
}
