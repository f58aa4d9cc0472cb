/** The looks of pages with a canvas; colours are the variables of the report, so that all are light or dark alike. */
import { DARK, LIGHT } from '../html-style.ts';

/** `--in` and `--out` are the two directions of what is chosen; scripts make the colours of groups from `--tone`. */
const CANVAS_LIGHT = `${LIGHT};--in:#b4560b;--out:#1f5fbf;--tone:46%`;
const CANVAS_DARK = `${DARK};--in:#f0a35e;--out:#7db1f5;--tone:66%`;

export const CANVAS_STYLE = `
:root{color-scheme:light;${CANVAS_LIGHT}}
:root[data-theme=dark]{color-scheme:dark;${CANVAS_DARK}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${CANVAS_DARK}}}
*{box-sizing:border-box}
html,body{height:100%}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;display:grid;grid-template:auto minmax(0,1fr)/minmax(0,1fr) 360px;grid-template-areas:"head head" "map side"}
h1,h2,h3,p,ul{margin:0;padding:0}
ul{list-style:none}
button,input{font:inherit;color:inherit}
button{cursor:pointer}
[hidden]{display:none!important}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px;border-radius:4px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{grid-area:head;display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;padding:10px 18px;background:var(--card);border-bottom:1px solid var(--line)}
.brand{font-weight:650;font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:var(--dim)}
.brand span{font-weight:400;text-transform:none;letter-spacing:0;font-size:13px;margin-left:4px}
h1{font-size:16px;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
.title{min-width:0;margin-right:auto}
.find{position:relative;flex:0 1 220px}
.find input{width:100%;border:1px solid var(--line);border-radius:6px;background:var(--bg);padding:4px 9px;height:32px}
.find ul{position:absolute;z-index:5;top:36px;right:0;width:340px;max-width:86vw;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:4px;box-shadow:0 8px 24px rgb(0 0 0/.18)}
.find li button{display:block;width:100%;text-align:left;border:0;background:none;border-radius:5px;padding:4px 8px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.find li button:hover,.find li button:focus-visible{background:var(--hover)}
.chips{display:flex;flex-wrap:wrap;align-items:center;gap:6px;color:var(--dim)}
.chips button,.quiet{background:none;border:1px solid var(--line);border-radius:999px;padding:3px 12px;color:var(--text);white-space:nowrap}
.chips button:hover,.quiet:hover{border-color:var(--dim)}
.chips button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--bg)}
.quiet{border-radius:6px;padding:4px 10px;color:var(--dim)}
main{grid-area:map;position:relative;min-width:0;overflow:hidden}
canvas{display:block;width:100%;height:100%;touch-action:none;cursor:grab}
canvas.over{cursor:pointer}
canvas.held{cursor:grabbing}
canvas:focus-visible{outline-offset:-3px}
.zoom{position:absolute;right:14px;bottom:14px;display:flex;flex-direction:column;border:1px solid var(--line);border-radius:8px;overflow:hidden;background:var(--card)}
.zoom button{width:34px;height:32px;border:0;background:none;font-size:16px;line-height:1}
.zoom button+button{border-top:1px solid var(--line)}
.zoom button:hover{background:var(--hover)}
.status{position:absolute;left:16px;bottom:12px;color:var(--dim);background:var(--bg);border-radius:6px;padding:2px 6px;pointer-events:none}
.none{position:absolute;inset:0;display:grid;place-items:center;color:var(--dim)}
aside{grid-area:side;overflow:auto;background:var(--card);border-left:1px solid var(--line);padding:16px 18px 28px;overflow-wrap:anywhere}
aside h2{font-size:16px;line-height:1.3;font-weight:650;margin:2px 0 4px}
aside h3{font-size:13px;font-weight:600;margin:18px 0 4px;display:flex;justify-content:space-between;gap:8px}
aside h3 span{font-weight:400;color:var(--dim)}
aside .top{display:flex;justify-content:space-between;align-items:flex-start;gap:8px}
aside .dim{color:var(--dim)}
aside .warn{color:var(--high)}
aside p+p{margin-top:4px}
aside li{border-top:1px solid var(--line)}
aside li:first-child{border-top:0}
aside li>button,aside li>div{display:flex;gap:10px;align-items:baseline;width:100%;text-align:left;padding:4px 0;background:none;border:0}
aside li>button:hover .who{text-decoration:underline}
aside li>button[aria-pressed=true]{font-weight:650}
aside .who{flex:1 1 auto;min-width:0}
aside .what{flex:0 0 auto;color:var(--dim);text-align:right;max-width:50%;overflow-wrap:break-word}
aside .what.warn{color:var(--high)}
.dot{flex:none;width:10px;height:10px;border-radius:50%;align-self:center}
.key{display:inline-block;width:16px;height:0;border-top:3px solid;border-radius:2px;vertical-align:middle;margin-right:6px}
.key.in{border-color:var(--in)}.key.out{border-color:var(--out)}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:12px;color:var(--dim);display:block;margin-top:6px;background:var(--soft);border-radius:6px;padding:6px 8px}
@media (max-width:820px){
body{grid-template:auto minmax(0,1fr) 38vh/minmax(0,1fr);grid-template-areas:"head" "map" "side"}
aside{border-left:0;border-top:1px solid var(--line);padding:12px 14px 20px}
header{padding:8px 12px;gap:6px 10px}
#theme{order:1}
.find{order:2;flex:1 1 100%}
.chips>span{display:none}
.chips{order:3;flex-wrap:nowrap;overflow-x:auto;flex:1 1 100%}
}
@media print{aside,.zoom,.find,.chips,#theme{display:none}body{grid-template:auto minmax(0,1fr)/minmax(0,1fr);grid-template-areas:"head" "map"}}
`;
