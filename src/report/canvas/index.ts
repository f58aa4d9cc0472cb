export { writeCanvasPage } from './page.ts';
export { CANVAS, FIND, FRAMES, HELPERS, PICTURES, POINTERS, RESIZE, SHOWING, SLICES, THEME, ZOOM } from './script.ts';
export { CANVAS_STYLE } from './style.ts';
