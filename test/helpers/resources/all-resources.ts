import { allFilters, allResources } from '../../../src/cli/tool.ts';
import { domains } from '../../../src/domains/registry.ts';

/** Every resource, by its names, as a playbook sees them. */
export const resources = await allResources(domains);

/** What domains add to templates. */
export const filters = await allFilters(domains);
