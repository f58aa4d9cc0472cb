/** What the page of fixes has beside the looks of the report. */
export const STYLE = `
main{padding-bottom:60px}
.summary.fixes{align-items:center}
.summary.fixes h2{font-size:19px;line-height:1.35;font-weight:600;text-wrap:pretty}
.summary.fixes h2+p{margin-top:6px;font-size:15px}
.bars>div+div{margin-top:10px}
.bars p{color:var(--dim)}
.bars p b{color:var(--text);font-size:18px}
.bars .bar{margin:6px 0 4px}
rect.safe{fill:var(--good)}rect.unknown{fill:var(--bar-medium)}rect.breaks{fill:var(--bar-high)}rect.left{fill:var(--bar-info)}
.verdict{font-style:normal;font-size:12.5px;font-weight:600;white-space:nowrap;color:var(--info)}
.verdict::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:6px;background:currentColor}
.verdict.safe{color:var(--good)}.verdict.unknown{color:var(--medium)}.verdict.breaks{color:var(--high)}
.summary.fixes .also b{margin-right:5px;color:var(--text)}
#fixes{margin:14px 0;outline:none;display:grid;gap:10px}
.fix{background:var(--card);border:1px solid var(--line);border-radius:10px;min-width:0}
.fix>summary{display:grid;grid-template-columns:28px minmax(0,1fr) auto 14px;gap:12px;align-items:center;padding:12px 24px;cursor:pointer;list-style:none;border-radius:10px}
.fix>summary::-webkit-details-marker{display:none}
.fix>summary::after{content:"";width:7px;height:7px;border:solid var(--dim);border-width:0 1.5px 1.5px 0;transform:rotate(45deg) translate(-2px,-2px);justify-self:end}
.fix[open]>summary::after{transform:rotate(225deg) translate(-2px,-2px)}
.fix>summary:hover{background:var(--hover)}
.fix .num{font-size:19px;font-weight:650;color:var(--dim)}
.fix .head h2{font-size:16px;line-height:1.3;font-weight:600;overflow-wrap:anywhere}
.fix .head .dim{font-size:13.5px}
.cols{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:32px;padding:4px 24px 20px;border-top:1px solid var(--line)}
.cols>div{min-width:0;overflow-wrap:anywhere}
.fix h3{font-size:13px;font-weight:600;margin:18px 0 6px;display:flex;gap:12px;align-items:baseline}
.fix h3.bad{color:var(--high)}
dl{margin:14px 0 0}
dl div{display:grid;grid-template-columns:96px minmax(0,1fr);gap:12px;padding:2px 0}
dt{color:var(--dim)}dd{margin:0}
.fix td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
.fix tbody tr:last-child td{border-bottom:0}
.fix td.count{padding-right:14px}
.fix tbody th{padding:8px 0 2px;overflow-wrap:anywhere}
.fix td.when{white-space:nowrap}
.fix thead th.count{padding-right:14px}
.doubts>li{padding:6px 0 6px 12px;border-left:3px solid var(--bar-medium);margin-bottom:8px}
.doubts code{color:var(--medium);font-weight:600;margin-right:6px}
.about{color:var(--dim);margin:2px 0}
.how{margin-top:2px}
.how::before{content:"→ ";color:var(--dim)}
.ways>li{margin-bottom:10px}
.ways ol{margin:4px 0 0 4px;border-left:2px solid var(--line);padding-left:14px}
.ways ol li{position:relative;padding:1px 0}
.ways ol li::before{content:"";position:absolute;left:-18.5px;top:9px;width:7px;height:7px;border-radius:50%;background:var(--accent)}
.ways ol li:last-child::before{background:var(--high)}
.ways code{font-size:11.5px}
.note{border-left:3px solid var(--bar-low);padding-left:10px;margin:4px 0}
.fix pre,.next pre{max-height:520px;overflow:auto;font-size:12px;tab-size:4;margin-bottom:6px}
pre .add{background:color-mix(in srgb,var(--good) 16%,transparent)}
pre .del{background:color-mix(in srgb,var(--high) 15%,transparent)}
pre .file{font-weight:600}
pre .meta{color:var(--dim)}
.copy{font-size:13px;padding:2px 10px}
.back{margin-top:10px}
.back>summary{cursor:pointer;color:var(--dim)}
.instead{margin-top:18px;border-top:1px solid var(--line)}
.id{margin-top:18px;font-size:12.5px}
.folds .fold>summary h2{flex-basis:116px}
.next{margin-top:18px}
.next h2{font-size:14px;font-weight:600;margin-bottom:4px}
@media (max-width:1080px){.cols{grid-template-columns:minmax(0,1fr);gap:0}}
@media (max-width:760px){
.summary.fixes h2{font-size:17px}
.fix>summary{grid-template-columns:18px minmax(0,1fr) 12px;gap:10px;padding:10px 14px}
.fix>summary .verdict{grid-column:2;grid-row:2}
.fix>summary::after{grid-row:1/3;grid-column:3}
.fix .num{font-size:16px}
.cols{padding:2px 14px 14px}
dl div{grid-template-columns:84px minmax(0,1fr)}
}
@media print{
details::details-content{content-visibility:visible;block-size:auto}
.fix>summary::after,.copy,.back>summary{display:none}
.fix pre{max-height:none;white-space:pre-wrap}
.cols{grid-template-columns:1fr}
.fix{break-inside:auto;border-color:#ccc}
}
`;
