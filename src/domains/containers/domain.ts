import type { Domain } from '../../resources/domain.ts';
import { containersResources } from './resources/containers-resources.ts';

/** Services in containers: compose files, and the logs that containers send. */
export const containers: Domain = {
  name: 'containers',
  resources: containersResources,
  begin: () => ({ executors: [], end() {} }),
};
