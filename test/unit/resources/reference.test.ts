import { expect, test } from 'vitest';
import { resourceReference } from '../../helpers/resources/resource-reference.ts';

test('docs/resources.md says what the schemas say (npm run golden writes it anew)', async () => {
  await expect(resourceReference()).toMatchFileSnapshot('../../../docs/resources.md');
});
