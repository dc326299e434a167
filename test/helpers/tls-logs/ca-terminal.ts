import { spawn } from 'node:child_process';
import { main } from '../cli/built-command.ts';
import { codeCache } from '../cli/run-folder.ts';

/** What a terminal showed, and how the command ended. */
interface OnTerminal {
  readonly code: number | null;
  readonly shown: string;
}

/** Runs the command line tool on a terminal of 80 columns; types one answer for each question. */
export function provisionOnTerminal(
  words: readonly string[],
  cwd: string,
  answers: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  question = /(?:passphrase|same again)[^\n]*: /g,
): Promise<OnTerminal> {
  const command = [process.execPath, main, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 80 rows 24; ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', ...codeCache(), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const questions = shown.match(question) ?? [];
    for (; answered < questions.length; answered++) child.stdin.write(`${answers[answered] ?? '\u0004'}`);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, shown: shown.replaceAll('\r', '') }));
  });
}
