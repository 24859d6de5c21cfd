/** What classes are called on the screen and in code. */
import type { ModelConfig } from './config.ts';
import type { Mapping } from './mapping.ts';

/** More classes than this are not matched by hand. */
const MOST_NAMED = 10_000;

/** What a config.json has where nobody named the classes. */
const SAYS_NOTHING = /^(?:label|class)[ _]\d+$/i;

/**
 * Names by class index: config.json's, and where that names none, the first label of the person's
 * rows that was matched with the class. Empty if nothing names any.
 */
export function classNames(
  { labels }: Pick<ModelConfig, 'labels'>,
  mapping: Pick<Mapping, 'labels'>,
): readonly string[] {
  const matched: string[] = [];
  for (const [value, index] of Object.entries(mapping.labels)) {
    if (index < MOST_NAMED && value.trim() !== '') matched[index] ??= value;
  }
  if (matched.length === 0) return labels;
  return Array.from({ length: Math.max(labels.length, matched.length) }, (_, index) => {
    const named = labels[index];
    const given = named !== undefined && !SAYS_NOTHING.test(named) ? named : matched[index];
    return given ?? named ?? `class ${index}`;
  });
}
