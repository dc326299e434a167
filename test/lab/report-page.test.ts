import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHtml } from '../../src/records/pages/html/run-html.ts';
import { junit } from '../../src/records/pages/junit.ts';
import { sampleView } from '../helpers/records/sample-view.ts';
import { Browser, type Device } from '../helpers/report/browser.ts';

let folder: string;
let browser: Browser;
const address = (name: string): string => pathToFileURL(join(folder, name)).href;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'report-page-'));
  writeFileSync(join(folder, 'run.html'), runHtml(sampleView));
  browser = await Browser.open();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const devices: readonly (readonly [string, Device])[] = [
  ['a phone, light', { width: 390, height: 844, scheme: 'light' }],
  ['a phone, dark', { width: 390, height: 844, scheme: 'dark' }],
  ['a screen, light', { width: 1400, height: 900, scheme: 'light' }],
  ['a screen, dark', { width: 1400, height: 900, scheme: 'dark' }],
];

// Contrast of each text against what is behind it, as WCAG computes it.
const faintTexts = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).reduce((sum, part, index) => {
    const share = part / 255;
    return sum + [0.2126, 0.7152, 0.0722][index] * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const svg = one.ownerSVGElement && one.tagName !== 'text' ? getComputedStyle(one).fill : undefined;
      const colour = svg ?? getComputedStyle(one).backgroundColor;
      if (colour !== 'none' && parts(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = [];
  let count = 0;
  for (const details of document.querySelectorAll('details')) details.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() === '') continue;
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const colour = element.ownerSVGElement ? style.fill : style.color;
    const [one, other] = [light(colour), light(behind(element))].sort((a, b) => b - a);
    count++;
    if ((one + 0.05) / (other + 0.05) < 4.5) faint.push(node.data.trim() + ' ' + colour + ' on ' + behind(element));
  }
  return { faint, count };
})()`;

describe.each(devices)('the page of a run on %s', (_name, device) => {
  beforeAll(async () => {
    browser.complaints.length = 0;
    browser.requests.length = 0;
    await browser.show(address('run.html'), device);
  });

  test('asks nobody for anything, complains about nothing, and runs no words of a host', async () => {
    expect(await browser.value('document.title')).toBe(
      'apply home-lab.yml: 1 failed, 1 unreachable; 5 changed; 4 hosts',
    );
    expect(await browser.value("document.querySelectorAll('script, img').length")).toBe(0);
    expect(browser.requests).toEqual([address('run.html')]);
    expect(browser.complaints).toEqual([]);
  });

  test('is in the wanted colours, each text with enough contrast', async () => {
    const ground = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 23, 26)' }[device.scheme];
    expect(await browser.value('getComputedStyle(document.body).backgroundColor')).toBe(ground);
    const { faint, count } = (await browser.value(faintTexts)) as { faint: readonly string[]; count: number };
    expect(count).toBeGreaterThan(150);
    expect(faint).toEqual([]);
  });

  test('needs no scrolling sideways, though a table may', async () => {
    expect(await browser.value('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const narrow =
      "[...document.querySelectorAll('td.wide')].filter((cell) => cell.clientWidth > 0 && cell.clientWidth < 150).length";
    expect(await browser.value(narrow)).toBe(0);
  });
});

describe('the page of a run with the keyboard alone', () => {
  test('every part is reached by Tab, in order, with a mark; Enter opens what is closed', async () => {
    await browser.show(address('run.html'), { width: 1400, height: 900, scheme: 'light' });
    const wanted = await browser.value(
      "[...document.querySelectorAll('a, summary, [tabindex]')].filter((one) => one.matches('summary') || !one.closest('details:not([open])')).length",
    );
    const seen: string[] = [];
    for (let step = 0; step < Number(wanted); step++) {
      await browser.press('Tab');
      seen.push(
        String(
          await browser.value(
            "(() => { const one = document.activeElement; const style = getComputedStyle(one); return [one.tagName, one.textContent.slice(0, 24), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1].join('|'); })()",
          ),
        ),
      );
    }
    expect(seen[0]).toBe('A|Skip to the results|true');
    expect(seen.filter((one) => one.startsWith('A|')).length).toBe(10);
    expect(seen.filter((one) => one.startsWith('SUMMARY|')).length).toBe(8);
    expect(seen.filter((one) => !one.endsWith('|true'))).toEqual([]);
    await browser.value("document.querySelector('#changes summary').focus()");
    await browser.press('Enter');
    expect(await browser.value("document.querySelector('#changes details').open")).toBe(true);
    expect(await browser.value("document.querySelector('#changes pre').innerText")).toContain(
      '+input(type="imtcp" port="6514")',
    );
  });
});

describe('the report for CI systems', () => {
  test('is well-formed XML with the counts that it has', async () => {
    const parsed = `new DOMParser().parseFromString(${JSON.stringify(junit(sampleView))}, 'application/xml')`;
    const count = (selector: string) => browser.value(`${parsed}.querySelectorAll('${selector}').length`);
    expect(await count('parsererror')).toBe(0);
    const tests = await browser.value(`${parsed}.documentElement.getAttribute('tests')`);
    expect(tests).toBe(String(await count('testcase')));
    expect(await count('failure')).toBe(1);
    expect(await count('error')).toBe(1);
    expect(await count('skipped')).toBe(2);
  });
});
