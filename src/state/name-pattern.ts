import { compilePattern } from '../core/linear-pattern.ts';
import { StudioError } from '../core/studio-error.ts';
import { MAX_SELECTOR_LENGTH } from '../recipe/parse-recipe.ts';
import { REGEX_PREFIX } from '../recipe/select.ts';

/** Why a recipe would refuse the pattern as a weight's name, in a sentence; null if it would not. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_SELECTOR_LENGTH) {
    return `The pattern has ${pattern.length} characters. Allowed: at most ${MAX_SELECTOR_LENGTH}.`;
  }
  if (!pattern.startsWith(REGEX_PREFIX)) return null;
  try {
    compilePattern(pattern.slice(REGEX_PREFIX.length));
    return null;
  } catch (error) {
    if (error instanceof StudioError) return error.message;
    throw error;
  }
}
