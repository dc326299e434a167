import type { DomainEntry } from '../../cli/tool.ts';

/** Services in containers, as the command line sees them. */
export const containersEntry: DomainEntry = {
  name: 'containers',
  async load() {
    const { containers } = await import('./domain.ts');
    return containers;
  },
};
