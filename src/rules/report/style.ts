/** The look of the report: light, dark, paper, phone. Nothing is fetched. */
export const style = `
:root{color-scheme:light dark;--page:#faf9f7;--card:#fff;--ink:#1d2126;--soft:#5a636e;--faint:#8b949e;--line:#e4e2dd;--wash:#f1efeb;
--a:#1f6f8b;--a-soft:#cfe3ea;--b:#b3541e;--c:#7a4fa3;--good:#2c7a4b;--warn-soft:#f6e0d2;--bad:#a8322d;--bad-soft:#f9e1df;
--p0:#8aa3b0;--p1:#2f8f9d;--p2:#c07a2c;--p3:#6f6aa8;--p4:#5f8f4e;--p5:#a8577a;--in-phase:#fff;--h0:#edf2f4;--h1:#c8dfe6;--h2:#8fbfce;--h3:#4a93aa;--h4:#155f78}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1b1f23;--ink:#e8eaec;--soft:#a3adb8;--faint:#727d88;--line:#2c3238;--wash:#22272c;
--a:#6cb8d1;--a-soft:#1f4452;--b:#eb9a65;--c:#c09be6;--good:#74c893;--warn-soft:#4a2d1b;--bad:#f08a84;--bad-soft:#47221f;
--p0:#64798a;--p1:#3b8a96;--p2:#a9702f;--p3:#6d69ad;--p4:#5c8a4c;--p5:#9c5473;--h0:#1b2226;--h1:#1f3a44;--h2:#296072;--h3:#3f8ea6;--h4:#8fd0e5}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 56px}h1{font-size:1.5rem;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:44px 0 12px}h3{font-size:1rem;margin:28px 0 8px}
p{margin:0 0 10px;max-width:75ch}small,.soft{color:var(--soft);font-size:.86rem;font-weight:400}.lead{color:var(--soft)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:1px;background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:24px 0}
dl div{box-shadow:0 0 0 1px var(--line);padding:12px 16px}dt{font-size:.8rem;color:var(--soft)}dd{margin:2px 0 0;font-size:1.12rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}dd small{display:block}
ol{padding:0;margin:0;list-style:none;counter-reset:n}ol li{counter-increment:n;position:relative;padding:10px 16px 10px 52px;background:var(--card);border:1px solid var(--line);border-radius:10px;margin-bottom:8px}ol li::before{content:counter(n);position:absolute;left:16px;top:10px;color:var(--a);font-weight:700}ol li b{display:block}ol li p{margin:0;max-width:none}
figure{margin:0 0 14px}figcaption{font-size:.88rem;color:var(--soft)}figcaption b{color:var(--ink)}
.chart{display:block;width:100%;height:auto;overflow:visible}.chart text{font-family:inherit}.tick{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}.grid{stroke:var(--line)}
.line-a,.line-b,.line-c{fill:none;stroke-width:1.75;stroke-linejoin:round}.line-a{stroke:var(--a)}.line-b{stroke:var(--b)}.line-c{stroke:var(--c);stroke-dasharray:4 3}.area-a{fill:var(--a-soft);opacity:.55}.area-b,.area-c{fill:none}.dot-a{fill:var(--a)}.dot-b{fill:var(--b)}.dot-c{fill:var(--c)}
${[0, 1, 2, 3, 4, 5].map((colour) => `.phase-${colour}{fill:var(--p${colour});background:var(--p${colour})}`).join('')}
${[0, 1, 2, 3, 4].map((level) => `.heat-${level}{fill:var(--h${level})}`).join('')}
.in-phase{font-size:12px;font-weight:600;fill:var(--in-phase)}.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.84rem;color:var(--soft);margin:4px 0 0;max-width:none}
.key{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}.line-key-a,.line-key-b,.line-key-c{height:4px;border-radius:2px;vertical-align:3px}.line-key-a{background:var(--a)}.line-key-b{background:var(--b)}.line-key-c{background:var(--c)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th{text-align:left;color:var(--soft);font-weight:600;border-bottom:1px solid var(--line);padding:6px 10px 6px 0}td{padding:7px 10px 7px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}td:nth-child(-n+2){white-space:nowrap}
.status{font-size:.8rem;border:1px solid currentColor;border-radius:99px;padding:1px 8px}.quiet{color:var(--good)}.found{color:var(--b);font-weight:600}.error{color:var(--bad);font-weight:600}
.note{border-left:3px solid var(--b);background:var(--warn-soft);padding:10px 16px;border-radius:0 8px 8px 0;margin:12px 0}.note p{margin:0 0 4px;max-width:none}.host{border-top:1px solid var(--line);margin-top:20px}
footer{margin-top:48px;border-top:1px solid var(--line);padding-top:16px;font-size:.84rem;color:var(--soft)}
@media (max-width:640px){main{padding:20px 14px}.tick{font-size:22px}.in-phase{font-size:20px}td:nth-child(-n+2){white-space:normal}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:10.5pt}figure,li,tr,.note{break-inside:avoid}h2,h3{break-after:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
