import type { DomainEntry } from '../../cli/tool.ts';

/** Services in containers, as the command line sees them. */
export const containersEntry: DomainEntry = {
  name: 'containers',
  async notes() {
    const { containerNotes } = await import('./records/container-notes.ts');
    return containerNotes();
  },
  async load() {
    const { containers } = await import('./domain.ts');
    return containers;
  },
};
