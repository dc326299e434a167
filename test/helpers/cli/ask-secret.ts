import { askSecret } from '../../../src/cli/secret-prompt.ts';

// Started by secret-prompt.test.ts on a terminal of its own: prints what was answered.
try {
  const answer = await askSecret('password: ', '-K');
  console.log(`answer=${JSON.stringify(answer)}`);
} catch (error) {
  console.log(`error=${error instanceof Error ? `${error.name} ${error.message}` : error}`);
}
