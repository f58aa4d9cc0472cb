/** The looks of the page. Colours are variables, so that light, dark and print are the same rules. */
export const LIGHT = `--bg:#f6f7f9;--card:#fff;--text:#1b2430;--dim:#5c6878;--line:#dfe3e9;--soft:#eef1f5;--hover:#f1f4f8;--accent:#1f5fbf;--mark:#fff3c4;
--critical:#8f1640;--high:#c8401c;--medium:#a86b00;--low:#2f6fb0;--info:#6a7686;--bar-critical:#8f1640;--bar-high:#d9532c;--bar-medium:#e0a019;--bar-low:#6fa3d6;--bar-info:#b4bdc9;--good:#1f7a4d`;
export const DARK = `--bg:#11151b;--card:#181e26;--text:#e3e8ef;--dim:#97a3b4;--line:#2b333f;--soft:#202832;--hover:#1f2731;--accent:#7db1f5;--mark:#4a3f16;
--critical:#ff8fb3;--high:#ff9068;--medium:#f0bd55;--low:#84b9ee;--info:#a3afbf;--bar-critical:#c22a63;--bar-high:#d9532c;--bar-medium:#c9901d;--bar-low:#4a80b5;--bar-info:#566172;--good:#6fd0a0`;

export const STYLE = `
:root{color-scheme:light;${LIGHT};--row:34px;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
:root[data-theme=dark]{color-scheme:dark;${DARK}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
*{box-sizing:border-box}
html{scroll-padding-top:120px}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1,h2,h3,p,ul,ol{margin:0;padding:0}
ul,ol{list-style:none}
code,pre,.mono{font-family:var(--mono);font-size:12.5px}
code{color:var(--dim);overflow-wrap:anywhere}
.hidden,.skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:fixed;top:8px;left:8px;z-index:9;background:var(--card);padding:8px 12px;border-radius:6px}
[hidden]{display:none!important}
.dim{color:var(--dim)}
.none{color:var(--dim);padding:12px 0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
button,select,input{font:inherit;color:inherit}
button{cursor:pointer}
header,main{max-width:1560px;margin:0 auto;padding:0 28px}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:24px;padding-top:24px;padding-bottom:16px}
header>div{min-width:0}
.brand{font-weight:650;font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:var(--dim)}
.brand span{font-weight:400;text-transform:none;letter-spacing:0;font-size:13px;margin-left:4px}
h1{font-size:23px;line-height:1.25;font-weight:650;margin:2px 0 4px;overflow-wrap:anywhere}
.facts{color:var(--dim)}
.quiet{background:none;border:1px solid var(--line);border-radius:6px;padding:4px 10px;color:var(--dim);white-space:nowrap}
.quiet:hover{color:var(--text);border-color:var(--dim)}
.summary{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:40px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 24px}
.summary h2{font-size:15px;font-weight:600}
.summary h2 b{font-size:28px;font-weight:650;letter-spacing:-.01em}
.bar{display:block;width:100%;height:14px;border-radius:4px;background:var(--soft);margin:10px 0 14px}
rect.critical{fill:var(--bar-critical)}rect.high{fill:var(--bar-high)}rect.medium{fill:var(--bar-medium)}rect.low{fill:var(--bar-low)}rect.info{fill:var(--bar-info)}
.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:8px}
.tile,.tile button{display:block;text-align:left;width:100%}
.tile b{display:block;font-size:21px;line-height:1.2;font-weight:650}
.tile span{color:var(--dim);font-size:13px}
.tile span::before{content:"";display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px;background:var(--bar-info)}
.tile.critical span::before{background:var(--bar-critical)}.tile.high span::before{background:var(--bar-high)}.tile.medium span::before{background:var(--bar-medium)}.tile.low span::before{background:var(--bar-low)}
.tile button{background:none;border:0;padding:6px 8px;margin:-6px -8px;width:calc(100% + 16px);border-radius:6px}
.tile button:hover{background:var(--hover)}
.tile button[aria-pressed=true]{background:var(--soft);box-shadow:inset 0 0 0 1px var(--line)}
.also:empty{display:none}
.also{color:var(--dim);margin-top:10px;display:flex;flex-wrap:wrap;gap:4px 18px}
.worst h2{margin:8px 0 8px}
.worst li,.worst li button{display:grid;grid-template-columns:72px minmax(0,auto) minmax(60px,1fr) auto;gap:12px;align-items:baseline;width:100%}
.worst li{padding:5px 0;border-top:1px solid var(--line)}
.worst li:has(button){display:block}
.worst li button{background:none;border:0;padding:5px 8px;margin:-5px -8px;width:calc(100% + 16px);text-align:left;border-radius:6px}
.worst li button:hover{background:var(--hover)}
.worst .where{text-align:right}
.name{font-weight:550;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.where{color:var(--dim);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.count{text-align:right}
.badge{font-size:12px;font-weight:600;white-space:nowrap}
.badge.critical{color:var(--critical)}.badge.high{color:var(--high)}.badge.medium{color:var(--medium)}.badge.low{color:var(--low)}.badge.info,.badge.other{color:var(--info)}
.badge::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:6px;background:currentColor}
.badge.other::before{background:none;box-shadow:inset 0 0 0 1.5px currentColor}
.folds{margin:14px 0 0;background:var(--card);border:1px solid var(--line);border-radius:10px}
.fold+.fold{border-top:1px solid var(--line)}
.fold>summary{display:flex;gap:12px;align-items:baseline;padding:9px 24px;cursor:pointer;list-style:none}
.fold>summary::-webkit-details-marker{display:none}
.fold>summary::before{content:"";flex:none;width:6px;height:6px;border:solid var(--dim);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg) translateY(-2px)}
.fold[open]>summary::before{transform:rotate(45deg)}
.fold>summary h2{font-size:14px;font-weight:600;flex:0 0 104px}
.fold>summary span{color:var(--dim);min-width:0}
.fold.warn>summary span{color:var(--medium)}
.fold>.scroll{padding:0 24px 16px 42px}
.fold p{margin:4px 0 8px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:500}
thead th{color:var(--dim);font-size:12.5px;border-bottom:1px solid var(--line);padding:6px 14px 6px 0;white-space:nowrap}
th.count,td.count{text-align:right}
.fold th.count,.fold td.count,#static th.count,#static td.count{padding-right:32px;width:1%}
.fold td,.fold tbody th,#static td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
.fold tbody tr:last-child>*,#static tbody tr:last-child>*{border-bottom:0}
.fold td details summary{cursor:pointer}
.fold li{padding:1px 0 1px 14px}
.level.restricted{color:var(--good)}.level.privileged{color:var(--high)}
#static{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:8px 24px;margin:14px 0}
#static .where{white-space:normal}
#static td:nth-child(2){width:46%}
#static details p{margin:4px 0;max-width:72ch}
#findings{margin:14px 0 60px;outline:none}
.tools{position:sticky;top:0;z-index:3;background:var(--bg);padding:12px 0 8px;display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.tools input,.tools select{border:1px solid var(--line);border-radius:6px;background:var(--card);padding:5px 8px;height:32px;min-width:0}
.tools input{flex:1 1 240px}
.tools select{max-width:200px}
.tools label{display:contents}
.chips{display:flex}
.chips button{border:1px solid var(--line);background:var(--card);padding:0 10px;height:32px;margin-left:-1px}
.chips button:first-child{border-radius:6px 0 0 6px;margin-left:0}.chips button:last-child{border-radius:0 6px 6px 0}
.chips button[aria-pressed=true]{background:var(--accent);color:var(--bg);border-color:var(--accent)}
.chips button[aria-pressed=true] .badge{color:inherit}
.status{color:var(--dim);flex:1 1 100%;display:flex;justify-content:space-between;gap:12px;min-height:26px;align-items:center}
.status button{padding:1px 8px}
.work{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;align-items:start}
.work.open{grid-template-columns:minmax(0,1fr) minmax(380px,36%)}
.grid{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:clip}
.grid table{table-layout:fixed}
.grid col.sev{width:104px}.grid col.obj{width:23%}.grid col.ns{width:10%}.grid col.place{width:21%}
[data-columns='3'] col.obj{width:34%}
.grid thead th{position:sticky;top:var(--tools,92px);z-index:2;background:var(--card);padding:0;box-shadow:inset 0 -1px var(--line)}
.grid thead button{background:none;border:0;width:100%;text-align:left;padding:7px 10px;color:var(--dim);font-size:12.5px;font-weight:500}
.grid thead button:hover{color:var(--text)}
.grid thead th[aria-sort] button::after{content:" ↑"}
.grid thead th[aria-sort=descending] button::after{content:" ↓"}
.grid thead th[aria-sort=none] button::after{content:""}
.grid th:first-child button,.grid td:first-child{padding-left:18px}
.grid tbody tr{height:var(--row)}
.grid tbody td{padding:0 10px;border-top:1px solid var(--line);white-space:nowrap;overflow:hidden;text-overflow:ellipsis;height:var(--row)}
.grid tbody tr.space,.grid tbody tr.space td{border:0;padding:0;height:0}
.grid tbody tr:not(.space):hover{background:var(--hover)}
.grid tr.group{font-weight:550}
.grid tr.group .where{font-weight:400}
.grid tr.item td:first-child .badge{font-weight:500}
.grid tr.item.on{background:var(--soft);box-shadow:inset 3px 0 var(--accent)}
.grid td button{background:none;border:0;padding:0;width:100%;height:calc(var(--row) - 6px);text-align:left;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:inherit}
.grid tr.in button{padding-left:20px}
.grid .title{display:flex;align-items:baseline}
.grid .title .chev{flex:none;align-self:center}
.grid .text,.grid code{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.grid .title .text{flex:0 1 auto}
.grid code{flex:1 100 auto;min-width:0;text-align:left}
.grid .num{flex:1 0 auto;text-align:right;font-weight:600;padding-left:12px}
.chev{display:inline-block;width:6px;height:6px;border:solid var(--dim);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);margin:0 12px 0 2px}
[aria-expanded=true] .chev{transform:rotate(45deg)}
.grid code{margin-left:8px;font-weight:400}
.printed{display:none;margin:8px 0}
.nothing{padding:40px;text-align:center;color:var(--dim)}
aside{position:sticky;top:calc(var(--tools,92px) - 1px);max-height:calc(100vh - var(--tools,92px) - 8px);overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 20px 20px;overflow-wrap:anywhere}
aside:focus-visible{outline-offset:-2px}
aside h2{font-size:17px;line-height:1.3;font-weight:650;margin:4px 0 6px}
aside h3{font-size:12.5px;font-weight:600;color:var(--dim);margin:16px 0 4px}
aside .top{display:flex;justify-content:space-between;align-items:center;gap:8px}
aside .who{font-weight:550}
aside .at{display:block;margin-top:6px}
pre{margin:4px 0 8px;background:var(--soft);border-radius:6px;padding:8px 0;overflow-x:auto;line-height:1.5}
pre span{display:block;padding:0 12px;white-space:pre}
pre .hit{background:var(--mark)}
pre i{font-style:normal;color:var(--dim);display:inline-block;min-width:4ch;text-align:right;margin-right:14px;user-select:none}
.tags{display:flex;flex-wrap:wrap;gap:4px 6px}
.tags li{background:var(--soft);border-radius:4px;padding:1px 7px;font-size:12.5px}
@media (max-width:1080px){
.summary{grid-template-columns:minmax(0,1fr);gap:20px}
.work.open{grid-template-columns:minmax(0,1fr)}
html:has(.work.open){overflow:hidden}
aside{position:fixed;inset:0;max-height:none;border-radius:0;border:0;z-index:5;padding:16px 20px 40px}
}
@media (max-width:760px){
:root{--row:58px}
header,main{padding-left:14px;padding-right:14px}
header{padding-top:14px}
h1{font-size:19px}
.summary{padding:14px 14px 12px}
.tiles{gap:2px}
.tile b{font-size:18px}
.tile span{font-size:12px}
.tile span::before{width:7px;height:7px;margin-right:4px}
.tile button{padding:4px;margin:-4px;width:calc(100% + 8px)}
.worst li,.worst li button{grid-template-columns:66px minmax(0,1fr) auto;gap:8px}
.worst .where{display:none}
.fold>summary{padding:9px 14px;flex-wrap:wrap;gap:2px 10px}
.fold>summary h2{flex-basis:auto}
.fold>summary span{flex:1 1 100%;padding-left:16px}
.fold>.scroll{padding:0 14px 12px}
.tools{position:static}
.tools input{flex-basis:100%}
.tools select{flex:1 1 40%;max-width:none}
.chips{flex:1 1 100%}
.chips button{flex:1;padding:0 2px;font-size:12.5px}
.chips .badge::before{display:none}
.grid thead{display:none}
.grid col.sev{width:92px}
.grid td:first-child{padding-right:0}
.grid td:first-child,.grid th:first-child button{padding-left:12px}
.grid td button{line-height:1.3;padding-right:6px}
.grid td .sub{display:block;color:var(--dim);font-size:12.5px;font-weight:400;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.grid tr.item .text{display:block}
.grid tr.group .chev{display:none}
.grid tr.in button{padding-left:0}
.grid code{display:none}
#static{padding:8px 14px}
}
@media (prefers-reduced-motion:no-preference){.chev,.fold>summary::before{transition:transform .12s}}
@media print{
:root,:root[data-theme=dark]{color-scheme:light;${LIGHT};--row:auto}
body{background:#fff;font-size:11px}
header,main{padding:0;max-width:none}
.tools,.quiet,.skip,aside{display:none!important}
.summary,.folds,.grid{border-color:#ccc;break-inside:auto}
.summary{grid-template-columns:1fr 1fr;gap:24px}
.work.open{display:block}
.grid thead th{position:static}
.printed{display:block}
.chev,.fold>summary::before{display:none!important}
.grid tbody td,.grid td button,.grid .text{white-space:normal;overflow:visible;height:auto;overflow-wrap:anywhere}
.grid tbody td{padding-top:3px;padding-bottom:3px}
tr,li{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
