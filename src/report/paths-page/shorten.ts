/**
 * How the page of ways shortens names that stand in one box, as text of its script. They begin alike and often end alike
 * too (`rule 1 of … by …`), so what sets a name apart from the next one must stay.
 */
const MORE = '…';

export const SHORTEN = String.raw`
/* For each of the names of a box, sorted: where it first differs from those beside it. */
const apartIn = (names) => {
  const sorted = [...names].sort();
  const common = (one, other) => {
    let at = 0;
    while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
    return at;
  };
  return new Map(sorted.map((name, index) => [name, Math.max(index > 0 ? common(sorted[index - 1], name) : 0, index + 1 < sorted.length ? common(name, sorted[index + 1]) : 0)]));
};
/* So many letters of a name: its beginning and its end, or where neither tells it apart the letters that do. */
const shortened = (name, keep, apart) => {
  if (name.length <= keep) return name;
  const letters = Math.max(2, keep - 1);
  const tail = Math.floor(letters * 0.6);
  const head = letters - tail;
  if (apart < head || apart >= name.length - tail) return name.slice(0, head) + '${MORE}' + name.slice(name.length - tail);
  const inner = Math.max(1, letters - 1);
  const start = Math.max(0, Math.min(apart - Math.floor(inner / 3), name.length - inner));
  return '${MORE}' + name.slice(start, start + inner) + (start + inner < name.length ? '${MORE}' : '');
};
`;
