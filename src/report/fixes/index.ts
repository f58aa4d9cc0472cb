export { type FixStory, type StoryOptions, type TextOfEdits, storiesOf, storyOf } from './story.ts';
export { type WhatWasRead, factsOf, headlineOf } from './headline.ts';
export { fixesTable } from './table.ts';
