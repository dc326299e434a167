import { ChunkLoader } from './chunk-loader.ts';
import { CodeStore } from './code-store.ts';

/** The command line out of the bundle, with what V8 made of it when the same command ran before. */
export async function commandLineModule(command: string): Promise<object> {
  const store = new CodeStore(/^[a-z]+$/.test(command) ? command : 'help', process.env);
  const loader = new ChunkLoader(__dirname, store);
  process.once('exit', (code) => {
    if (code === 0) loader.keep();
  });
  return loader.load('./command-line.js');
}
