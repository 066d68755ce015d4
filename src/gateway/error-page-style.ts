// The look of the error pages: one style sheet in the page itself, light and dark, from phone to desk.

import { Html } from './html.ts'

export const style: Html = new Html(`
:root {
  color-scheme: light dark;
  --paper: #f7f8f6; --panel: #ffffff; --well: #eef1ed; --ink: #1f2724; --quiet: #5b6863; --rule: #d9dfda;
  --accent: #1b6148; --warm: #8a3b12; --warm-panel: #fdf4ec; --warm-rule: #ecd3c0;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
  --serif: Charter, 'Iowan Old Style', 'Sitka Text', Cambria, 'Noto Serif', 'DejaVu Serif', Georgia, serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141917; --panel: #1b211e; --well: #232b27; --ink: #dde4e0; --quiet: #96a49d; --rule: #313b36;
    --accent: #8fd0b4; --warm: #eeb089; --warm-panel: #2a211b; --warm-rule: #4b3829;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 38rem; padding: clamp(2rem, 12vh, 7rem) 1.25rem 3rem;
  background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--sans); overflow-wrap: break-word;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
body.development { max-width: 60rem; padding-top: clamp(1.5rem, 5vh, 3.5rem); }
header { display: flex; gap: 1.25rem; align-items: flex-start; }
header svg { flex: none; width: 3rem; height: 3.5rem; color: var(--accent); }
h1 { margin: 0; font: 600 clamp(1.5rem, 5vw, 2.1rem)/1.2 var(--serif); text-wrap: balance; }
h2 { margin: 2.25rem 0 .6rem; font-size: .8125rem; font-weight: 600; letter-spacing: .04em; color: var(--quiet); }
p { margin: .6rem 0 0; }
.status { margin: 0 0 .15rem; font-size: .9375rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.status b { color: var(--warm); font-weight: 600; }
footer { margin-top: 2.75rem; padding-top: .9rem; border-top: 1px solid var(--rule); font-size: .875rem; color: var(--quiet); }
footer p { margin: .2rem 0 0; }
code, pre, .mono { font-family: var(--mono); font-size: .875em; }
code { padding: .1em .35em; border-radius: .3em; background: var(--well); overflow-wrap: anywhere; }
.why {
  margin-top: 1.75rem; padding: 1.1rem 1.35rem 1.25rem; border: 1px solid var(--warm-rule); border-radius: .7rem;
  background: var(--warm-panel);
}
.why h2 { display: flex; justify-content: space-between; gap: 1rem; margin: 0; color: var(--warm); }
.why h2 + p { margin-top: .2rem; font-size: 1.125rem; line-height: 1.5; }
.why h2.mend { margin-top: 1.1rem; color: var(--accent); }
.why code { background: color-mix(in srgb, var(--ink) 8%, transparent); user-select: all; }
.why .rule { font: .8125rem var(--mono); letter-spacing: 0; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.5rem; margin: 1.5rem 0 0; font-size: .9375rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
pre {
  margin: 0; padding: .9rem 1.1rem; border: 1px solid var(--rule); border-radius: .6rem; background: var(--panel);
  line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; overflow-y: auto; tab-size: 4;
}
pre.wide { white-space: pre; overflow-wrap: normal; overflow-x: auto; }
pre i { color: var(--quiet); font-style: normal; opacity: .6; user-select: none; }
table { width: 100%; border-collapse: collapse; font-size: .8125rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { width: 1%; font-weight: 400; color: var(--quiet); white-space: nowrap; }
td { overflow-wrap: anywhere; }
.hidden { color: var(--quiet); font-style: italic; }
@media (max-width: 36rem) {
  header { gap: .9rem; }
  header svg { width: 2.2rem; height: 2.6rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
  tr, th, td { display: block; width: auto; }
  th { padding-bottom: 0; border-bottom: 0; white-space: normal; }
  td { padding-top: 0; }
}
`)
