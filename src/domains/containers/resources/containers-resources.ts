import type { AnyResource } from '../../../resources/resource.ts';
import { composeService } from './compose-service.ts';

/** All that the domain adds to what YAML can say. */
export const containersResources: readonly AnyResource[] = [composeService];
