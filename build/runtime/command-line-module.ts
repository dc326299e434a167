import { ChunkLoader } from './chunk-loader.ts';
import { CodeStore } from './code-store.ts';

// Most commands end before optimised code would pay for its making: V8 takes ten times the evidence for it.
function compileLater(): void {
  if (!process.versions.v8.startsWith('13.6.')) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const [flag, count] of [
    ['maglev', 4000],
    ['maglev-osr', 1000],
    ['turbofan', 30_000],
    ['osr', 5000],
  ] as const) {
    setFlagsFromString(`--invocation-count-for-${flag}=${count}`);
  }
}

/** The command line out of the bundle, with what V8 made of it when the same command ran before. */
export async function commandLineModule(command: string): Promise<object> {
  if (!command.startsWith('-')) compileLater();
  const store = new CodeStore(/^[a-z]+$/.test(command) ? command : 'help', process.env);
  const loader = new ChunkLoader(__dirname, store);
  process.once('exit', (code) => {
    if (code === 0) loader.keep();
  });
  return loader.load('./command-line.js');
}
