// Colours by name; test/lab/report-page.test.ts measures the contrast of every text.
const colours = {
  light: {
    ground: '#ffffff',
    panel: '#f4f5f7',
    line: '#c9cdd4',
    text: '#1b1f24',
    quiet: '#565d66',
    ok: '#196c2e',
    changed: '#875300',
    failed: '#b3261e',
    unknown: '#7a3ea1',
    link: '#0a53a8',
    bar: '#9db8d9',
  },
  dark: {
    ground: '#14171a',
    panel: '#1e2226',
    line: '#3d444c',
    text: '#e6e9ec',
    quiet: '#a3abb4',
    ok: '#66c17c',
    changed: '#e3ab4f',
    failed: '#ff8a80',
    unknown: '#cf9df0',
    link: '#86b7f5',
    bar: '#3f5f86',
  },
} as const;

/** The style of a page, as one text. */
export const style = `
:root { color-scheme: light dark; ${variables(colours.light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(colours.dark)} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
p { margin: .25rem 0; }
a { color: var(--link); }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: .5rem 0 1rem; }
figure { margin: 0; }
figcaption { color: var(--quiet); font-size: .85rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .75rem 0; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
.quiet { color: var(--quiet); }
.ok { color: var(--ok); } .changed { color: var(--changed); } .failed { color: var(--failed); } .unknown { color: var(--unknown); }
.verdict { font-size: 1.1rem; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.wide { min-width: 11rem; white-space: normal; overflow-wrap: anywhere; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; }
details { margin: .25rem 0; background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: 0 .75rem; }
summary { cursor: pointer; padding: .4rem 0; overflow-wrap: anywhere; }
details[open] { padding-bottom: .5rem; }
pre { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.45 ui-monospace, monospace; }
pre .ok, pre .failed, pre .quiet { display: block; }
.lane { position: relative; height: 1.1rem; background: var(--ground); border: 1px solid var(--line); border-radius: .2rem; margin: .1rem 0 .4rem; }
.lane span { position: absolute; top: 0; bottom: 0; min-width: 3px; background: var(--bar); border-left: 1px solid var(--panel); }
.lane .mark-changed { background: var(--changed); } .lane .mark-failed { background: var(--failed); }
.lane .mark-connect { background: var(--line); }
.meter { display: inline-block; width: 6rem; height: .6rem; border: 1px solid var(--line); background: var(--ground); }
.meter span { display: block; height: 100%; background: var(--bar); }
svg { display: block; width: 100%; min-width: 32rem; max-width: 44rem; height: auto; }
svg text { fill: var(--text); font: 14px system-ui, sans-serif; }
svg .quiet { fill: var(--quiet); }
svg rect { fill: var(--panel); stroke: var(--line); }
svg rect.ok { stroke: var(--ok); } svg rect.changed { stroke: var(--changed); } svg rect.failed { stroke: var(--failed); }
svg path { stroke: var(--link); fill: none; stroke-width: 1.5; }
svg marker path { fill: var(--link); }
@media (max-width: 40rem) { .meter { display: none; } }
@media print { body { max-width: none; } nav { display: none; } }
.charts svg { display: block; width: auto; min-width: 0; height: 2.5rem; max-width: 100%; }
.charts svg .bar { fill: var(--bar); stroke: none; }
.charts svg .bad { fill: var(--failed); }
`;

function variables(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}
