import type { AnyResource } from '../../../resources/resource.ts';
import { composeService } from './compose-service.ts';
import { containerLine } from './container-line.ts';
import { containerLoaded } from './container-loaded.ts';
import { containerTrust } from './container-trust.ts';

/** All that the domain adds to what YAML can say. */
export const containersResources: readonly AnyResource[] = [
  composeService,
  containerLine,
  containerLoaded,
  containerTrust,
];
