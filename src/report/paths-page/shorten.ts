/**
 * How the page of ways shortens names that stand in one box, as text of its script. They begin alike and often end alike
 * too (`rule 1 of … by …`), so another part is shown where the ends of two are the same.
 */
const MORE = '…';

export const SHORTEN = String.raw`
/* Ways to keep so many letters of a name: its two ends, then its ends with a part between them. */
const shapesOf = (name) => {
  const ends = (share) => (keep) => name.slice(0, Math.floor(keep * share)) + '${MORE}' + name.slice(name.length - keep + Math.floor(keep * share));
  const between = (from) => (keep) => {
    const [head, inner] = [Math.floor(keep * 0.2), Math.floor(keep * 0.5)];
    return name.slice(0, head) + '${MORE}' + name.slice(from, from + inner) + '${MORE}' + name.slice(name.length - keep + head + inner);
  };
  return [0.4, 0.65, 0.15].map(ends).concat(Array.from({ length: Math.ceil(name.length / 5) }, (_, at) => between(at * 5)));
};
/* The first of them that fits and that no other name of the box has. */
const shortened = (name, fits, taken) => {
  if (fits(name)) return name;
  let first;
  for (const shape of shapesOf(name)) {
    let [least, most] = [4, name.length - 1];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (fits(shape(middle))) least = middle;
      else most = middle - 1;
    }
    const text = shape(least);
    if (!taken.has(text)) {
      taken.add(text);
      return text;
    }
    first ??= text;
  }
  return first;
};
`;
