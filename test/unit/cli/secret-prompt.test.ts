import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folder, provision } from '../../helpers/cli/command.ts';

const script = fileURLToPath(new URL('../../helpers/cli/ask-secret.ts', import.meta.url));

/** What a terminal shows when somebody is asked there and types. */
function typed(keys: string): Promise<string> {
  const child = spawn('script', ['-qec', `'${process.execPath}' '${script}'`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (asked || !shown.includes('password: ')) return;
    asked = true;
    child.stdin.write(keys);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(shown.replaceAll('\r', '')));
  });
}

describe('askSecret', () => {
  it('reads a line and shows nothing of it', async () => {
    const shown = await typed('hunter22 ä"\r');
    expect(shown).toBe('password: \nanswer="hunter22 ä\\""\n');
  });

  it('lets mistakes be corrected', async () => {
    expect(await typed('huntee\u007fr\r')).toContain('answer="hunter"');
  });

  it('gives nothing when the person ends the input', async () => {
    expect(await typed('\u0004')).toContain('answer=undefined');
  });

  it('is interrupted by Ctrl-C', async () => {
    expect(await typed('\u0003')).toContain('error=PromptInterrupted interrupted');
  });
});

describe('without a terminal', () => {
  it('-K says what is wrong and what to do', async () => {
    const cwd = folder({
      'site.yml':
        'inventory: { hosts: { h1: {} } }\nplays:\n  - { name: p, hosts: all, gather_facts: false, tasks: [{ debug: { msg: hello } }] }\n',
    });
    const { code, stderr } = await provision(['apply', 'site.yml', '-K'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('cannot ask "become password:": there is no terminal');
    expect(stderr).toContain('NOPASSWD');
  });
});
