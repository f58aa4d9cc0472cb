/** What the page of ways has beside the looks of every page with a canvas. */
export const STYLE = `
#classes{display:contents}
.status{max-width:calc(100% - 84px)}
.chips button[disabled]{opacity:.5;cursor:default}
aside ol{list-style:none;margin:4px 0 0;padding:0}
aside ol li{border-top:0;border-left:2px solid var(--line);padding:0 0 8px 12px;margin-left:4px;position:relative}
aside ol li:first-child{border-top:0}
aside ol li:before{content:"";position:absolute;left:-5px;top:7px;width:8px;height:8px;border-radius:50%;background:var(--accent)}
aside ol li>button{display:block;padding:0}
aside ol li.unsure:before{background:var(--medium)}
aside .at{display:block;color:var(--dim);font-size:12px}
aside .badge{display:inline-block;border:1px solid var(--line);border-radius:999px;padding:0 8px;font-size:12px;margin:2px 4px 2px 0;color:var(--dim)}
aside .badge.cut{border-color:var(--high);color:var(--high)}
aside .badge.start{border-color:var(--out);color:var(--out)}
.swatch{flex:none;width:12px;height:10px;border-radius:3px;align-self:center}
`;
