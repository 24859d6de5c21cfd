/** The looks of the HTML report, and their hash, which is all that the report's own policy allows. */

export const REPORT_STYLE = `
:root{color-scheme:light dark;--surface:#fff;--sunken:#f7f8f9;--line:#dfe3e8;--strong:#8a94a2;--grid:#e9ecf0;--text:#15191f;--text-2:#454e5b;--text-3:#5c6674;--good:#14692f;--warn:#8a4b00;--bad:#b3261e;--quantize:#14796f;--prune:#8c3a14;--factorize:#5d3a96;--share:#a3871a;--reshape:#db3c9b;--distill:#2e8fdc}
@media (prefers-color-scheme:dark){:root{--surface:#14171c;--sunken:#101317;--line:#272c35;--strong:#6d7786;--grid:#21262e;--text:#e9ebee;--text-2:#b2bac6;--text-3:#8f99a8;--good:#6fd08c;--warn:#f0b45a;--bad:#ff8f86;--quantize:#2fd3bf;--prune:#d28960;--factorize:#9266ea;--share:#efd23c;--reshape:#d63c86;--distill:#62acef}}
*{box-sizing:border-box}
figure{margin:0}
body{margin:0 auto;max-width:1080px;padding:32px 24px 64px;background:var(--surface);color:var(--text);font:400 13px/20px "Segoe UI Variable Text","Segoe UI",-apple-system,BlinkMacSystemFont,Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:24px;line-height:32px;font-weight:650;letter-spacing:-.015em;margin:0}
h2{font-size:15px;line-height:22px;font-weight:650;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:12px;line-height:16px;font-weight:600;color:var(--text-2);margin:20px 0 6px}
h1,h2,h3,p,td,th,dd,summary{overflow-wrap:anywhere}
p{margin:4px 0}
a{color:inherit}
.lead{color:var(--text-2)}
.sentence{font-size:15px;line-height:22px;color:var(--text-2)}
.sentence b{font-weight:650;color:var(--text)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:12px;line-height:16px}
th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--grid);vertical-align:top}
thead th{font-size:11px;font-weight:500;color:var(--text-3);white-space:nowrap;border-bottom-color:var(--line)}
tbody th{font-weight:600}
.num{text-align:right;white-space:nowrap}
small{display:block;font-size:11px;line-height:14px;color:var(--text-3);font-weight:400}
.nm{color:var(--text-3)}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0;font-size:12px;line-height:18px}
dt{color:var(--text-3)}dd{margin:0}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:11px;line-height:16px}
pre{margin:0;padding:8px 12px;background:var(--sunken);border:1px solid var(--line);border-radius:4px;overflow:auto;max-height:480px}
summary{cursor:pointer;font-size:12px;font-weight:600;color:var(--text-2);margin:16px 0 6px}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);color:var(--text-3);font-size:12px;line-height:18px}
svg{display:block;width:100%;height:auto;font-size:11px;fill:var(--text-3);overflow:visible}
svg .title{fill:var(--text-2)}svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .grid{stroke:var(--grid)}svg .axis{stroke:var(--strong)}
svg .level{stroke:var(--text-2);stroke-dasharray:2 3}
svg .front{fill:none;stroke:var(--text);stroke-width:1.25;opacity:.75}
svg .name{fill:var(--text-2);stroke:var(--surface);stroke-width:3;paint-order:stroke}
svg g{color:var(--quantize)}svg g.prune{color:var(--prune)}svg g.factorize,svg g.residual{color:var(--factorize)}svg g.share{color:var(--share)}svg g.reshape{color:var(--reshape)}svg g.distill{color:var(--distill)}svg g.baseline{color:var(--text)}
svg .bar{fill:none;stroke:currentColor;stroke-width:1.25}
svg .full{fill:currentColor;stroke:currentColor;stroke-width:1.75}
svg .hollow{fill:var(--surface);stroke:currentColor;stroke-width:1.75}
svg .baseline .full,svg .baseline .hollow{fill:none;stroke-width:2.25}
@media print{body{padding:0}details{display:block}pre{max-height:none}}
`;

/** SHA-256 of `REPORT_STYLE` in base64; a test says what it should be after a change. */
export const REPORT_STYLE_HASH = 'bIaDsqKd6QLmrVfeXvLlvcrGfDSrMA/MGQ8JmSFs5hc=';
