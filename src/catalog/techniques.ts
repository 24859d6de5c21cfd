import { rtn } from './rtn.ts';
import type { Technique } from './technique.ts';

const ALL = { rtn } as const;

export type TechniqueId = keyof typeof ALL;

/** Every technique by its id, in the order in which pickers show them. */
export const TECHNIQUES: Readonly<Record<TechniqueId, Technique>> = ALL;

export const isTechniqueId = (id: string): id is TechniqueId => Object.hasOwn(TECHNIQUES, id);
