/** The look of the report and of explanations: light, dark, paper, phone. No font, picture or sheet is fetched. */
export const style = `
:root{color-scheme:light dark;
--page:#faf9f7;--card:#fff;--ink:#1d2126;--soft:#5a636e;--faint:#8b949e;--line:#e4e2dd;--wash:#f1efeb;
--accent:#1f6f8b;--accent-soft:#cfe3ea;--second:#b3541e;--second-soft:#f6e0d2;--good:#2c7a4b;--good-soft:#dcefe3;--bad:#a8322d;--bad-soft:#f9e1df;
--hit-0:#e6f0f3;--hit-1:#d3e5eb;--hit-2:#b3d3dd;--hit-3:#8abccb;--hit-4:#5a9fb3;--hit-5:#33829b;--hit-6:#17607a;
--miss-0:#fbeee4;--miss-1:#f8dcc6;--miss-2:#f2bd97;--miss-3:#e89a66;--miss-4:#d9773c;--miss-5:#b9561f;--miss-6:#8f3b10;--on-dark:#fff}
@media (prefers-color-scheme:dark){:root{
--page:#14171a;--card:#1b1f23;--ink:#e8eaec;--soft:#a3adb8;--faint:#727d88;--line:#2c3238;--wash:#22272c;
--accent:#6cb8d1;--accent-soft:#1f4452;--second:#eb9a65;--second-soft:#4a2d1b;--good:#74c893;--good-soft:#1d3a29;--bad:#f08a84;--bad-soft:#47221f;
--hit-0:#1d2c32;--hit-1:#1f3a44;--hit-2:#225061;--hit-3:#296a80;--hit-4:#3787a1;--hit-5:#58a9c3;--hit-6:#8dcfe4;
--miss-0:#33261d;--miss-1:#482d1c;--miss-2:#66391c;--miss-3:#8c4a1e;--miss-4:#b66227;--miss-5:#dd833f;--miss-6:#f7ac72;--on-dark:#0d1012}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-padding-top:64px}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,header>div,footer{max-width:1120px;margin:0 auto;padding:0 24px}
h1{font-size:1rem;font-weight:600;margin:0;overflow-wrap:anywhere}h2{font-size:1.35rem;letter-spacing:-.01em;margin:0 0 4px}h3{font-size:1.02rem;margin:28px 0 8px}.grid h3:first-child{margin-top:0}
p{margin:0 0 12px}a{color:var(--accent)}.lead{color:var(--soft);max-width:70ch;margin-bottom:20px}small,.small{font-size:.84rem;color:var(--soft)}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
header{padding:36px 0 0}.top{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;align-items:baseline;border-bottom:1px solid var(--line);padding-bottom:12px}
.hero{display:grid;grid-template-columns:minmax(220px,auto) 1fr;gap:8px 48px;align-items:center;padding:36px 0 20px}
.figure{font-size:clamp(3.4rem,9vw,5.4rem);line-height:1;font-weight:650;letter-spacing:-.045em;font-variant-numeric:tabular-nums}.figure sup{font-size:.4em;font-weight:500;letter-spacing:0;margin-left:.1em;vertical-align:.85em;color:var(--soft)}
.of{color:var(--soft);margin-top:10px}.verdict{font-size:1.16rem;line-height:1.5;max-width:62ch;text-wrap:pretty}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:12px 0 24px}
.card{background:var(--card);padding:14px 16px}.card dt{font-size:.8rem;color:var(--soft)}.card dd{margin:2px 0 0;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}.card dd small{display:block;font-weight:400;letter-spacing:0;line-height:1.35}
.note{border-left:3px solid var(--second);background:var(--second-soft);padding:10px 16px;border-radius:0 8px 8px 0;margin:0 0 10px;overflow-wrap:anywhere}.note.error{border-color:var(--bad);background:var(--bad-soft)}.note.plain{border-color:var(--faint);background:var(--wash)}.note.loud{font-size:1.1rem;font-weight:600;padding:16px 20px}.note ul{margin:6px 0 0;padding-left:20px;font-size:.88rem}
nav{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--page) 92%,transparent);backdrop-filter:blur(6px);border-bottom:1px solid var(--line)}nav ul{max-width:1120px;margin:0 auto;padding:0 14px;display:flex;gap:2px;list-style:none;overflow-x:auto;scrollbar-width:none}nav a{display:block;padding:12px 10px;color:var(--soft);text-decoration:none;font-size:.92rem;white-space:nowrap}nav a:hover{color:var(--ink)}
section{padding:44px 0 8px;border-bottom:1px solid var(--line)}section:last-of-type{border:0}section>*:last-child{margin-bottom:32px}
.grid{display:grid;gap:28px 40px}.two{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}.split{grid-template-columns:minmax(0,420px) minmax(0,1fr);align-items:center}
figure{margin:0}figcaption{font-size:.9rem;color:var(--soft);margin-bottom:6px}
.chart{display:block;width:100%;height:auto;overflow:visible}.chart text,.map text{fill:var(--soft);font-family:inherit}.chart .tick{font-size:12px;font-variant-numeric:tabular-nums;fill:var(--faint)}.chart .axis{font-size:12px}.chart .grid{stroke:var(--line)}
.line-a,.line-b,.line-c{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}.line-a{stroke:var(--second);stroke-dasharray:6 4}.line-b,.line-c{stroke:var(--accent)}.line-c{stroke-dasharray:1 5}.chart .line-label{font-size:13px;font-weight:600}.chart .line-a-text{fill:var(--second)}.chart .line-b-text,.chart .line-c-text{fill:var(--accent)}
.dot{stroke:var(--page);stroke-width:1.5}.line-a-dot{fill:var(--second)}.line-b-dot,.line-c-dot{fill:var(--accent)}.outside-dot{fill:var(--bad)}.best{stroke:var(--faint);stroke-dasharray:2 3}.chart .best-label{font-size:12px}
.bar{fill:var(--accent);opacity:.65}.expected{fill:var(--accent-soft)}.ideal{stroke:var(--faint);stroke-dasharray:4 4}
.track{fill:var(--wash);stroke:var(--line)}.band{fill:var(--accent);opacity:.45}.value-mark{stroke:var(--accent);stroke-width:4;stroke-linecap:round}.chance-mark{stroke:var(--second);stroke-width:2}.ruler-label{font-size:14px}.chart .ruler-label.strong{fill:var(--ink);font-weight:600}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}th{font-weight:600;text-align:left;color:var(--soft);border-bottom:1px solid var(--line);padding:8px 10px;white-space:nowrap;vertical-align:bottom}td{padding:7px 10px;border-bottom:1px solid var(--line);vertical-align:middle}.r{text-align:right}.r small{white-space:nowrap}.key td:first-child{color:var(--soft);width:1%;white-space:nowrap;padding-right:24px}.key td{overflow-wrap:anywhere}.key{margin-bottom:24px}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}th button:hover{color:var(--ink)}th[aria-sort] button{color:var(--ink)}th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
tr.few td{color:var(--faint)}.tag{font-size:.74rem;border:1px solid currentColor;border-radius:99px;padding:0 7px;margin-left:8px;white-space:nowrap;opacity:.85}
.measure{display:inline-flex;gap:10px;align-items:center;justify-content:flex-end}.meter{display:block;width:110px;height:14px;flex:none}.meter .m-track{fill:var(--wash)}.meter .m-band{fill:var(--accent);opacity:.35}.meter .m-value{fill:var(--accent)}tr.few .meter{opacity:.6}
.tools{display:none;flex-wrap:wrap;gap:8px;align-items:center;margin-bottom:12px}.script .tools{display:flex}.tools input,.tools select,.tools button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 12px;min-height:38px}.tools button{cursor:pointer;min-width:38px}.tools button:hover{border-color:var(--faint)}.tools input{min-width:min(100%,280px)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.map-frame{border:1px solid var(--line);border-radius:12px;background:var(--card);padding:12px}.map-frame .scroll>svg{display:block;width:100%;height:auto;margin:0 auto;touch-action:pan-x pan-y}.map .field{fill:var(--wash)}.map .lines{stroke:var(--card);stroke-width:.8;fill:none}.map .names text{fill:var(--ink)}.map .axis-title{fill:var(--soft)}.map .n{text-anchor:middle;fill:var(--ink);pointer-events:none}.map .n.on-dark{fill:var(--on-dark)}.map .cross{fill:var(--ink);opacity:.08;pointer-events:none}
${shades('hit')}${shades('miss')}
.readout{min-height:2.9em;margin:10px 4px 0;font-size:.95rem;display:none}.script .readout{display:block}.legend{display:flex;flex-wrap:wrap;gap:6px 28px;font-size:.84rem;color:var(--soft);margin:10px 4px 0}.legend svg{height:12px;width:126px;vertical-align:-1px;margin-right:8px}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(158px,1fr));gap:18px 16px;list-style:none;padding:0;margin:0 0 24px}.gallery li{min-width:0}.gallery .caption{font-size:.84rem;line-height:1.4;overflow-wrap:anywhere}.caption b{font-weight:600}.caption .right{color:var(--good)}.caption .was{color:var(--second)}.caption .file{color:var(--faint);font-size:.76rem}
.thumb{display:block;width:100%;padding:0;border:0;background:var(--wash);border-radius:10px;overflow:hidden;margin-bottom:8px;cursor:default;aspect-ratio:1;font:inherit;color:var(--faint)}.script button.thumb{cursor:zoom-in}.thumb img{display:block;width:100%;height:100%;object-fit:cover}.pair-pictures{display:flex;gap:6px}.pair-pictures .thumb{width:52px;margin:0;border-radius:6px;flex:none}
dialog{border:0;border-radius:14px;padding:0;max-width:min(92vw,760px);background:var(--card);color:var(--ink)}dialog::backdrop{background:#000a}dialog img{display:block;width:min(92vw,640px);max-height:74vh;object-fit:contain;background:var(--wash)}dialog .caption{padding:14px 18px 18px}
details{margin:0 0 16px}summary{cursor:pointer;color:var(--accent);padding:4px 0}footer{padding-top:20px;padding-bottom:48px;font-size:.84rem;color:var(--soft)}
@media (max-width:640px){main,header>div,footer{padding-left:16px;padding-right:16px}header{padding-top:20px}.hero{grid-template-columns:minmax(0,1fr);padding-top:24px}.split{grid-template-columns:minmax(0,1fr)}.verdict{font-size:1.05rem}.cards{grid-template-columns:repeat(2,minmax(0,1fr))}.gallery{grid-template-columns:repeat(2,minmax(0,1fr))}.hide-small{display:none}section{padding-top:32px}.chart .tick,.chart .axis,.chart .best-label{font-size:14px}.chart .ruler-label{font-size:19px}td,th{padding-left:6px;padding-right:6px}.measure{flex-direction:column;align-items:flex-end;gap:2px}.meter{width:84px}}
@media print{:root{color-scheme:light}body{font-size:11pt;background:#fff}nav,.tools,.readout{display:none!important}section{break-inside:auto;padding-top:20px}h2,h3{break-after:avoid}tr,figure,.gallery li,.card,.note{break-inside:avoid}.map-frame .scroll>svg{min-width:0!important}details:not([open])>*{display:revert}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;

function shades(kind: 'hit' | 'miss'): string {
  return [0, 1, 2, 3, 4, 5, 6].map((level) => `.${kind}-${level}{fill:var(--${kind}-${level})}`).join('');
}
