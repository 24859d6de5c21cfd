export type StepPart = 'technique' | 'menu' | 'card';

/** The attribute by which a part of a step's card is found; cards are known by their place. */
export const stepPart = (index: number, part: StepPart): { readonly 'data-step': string } => ({
  'data-step': `${index} ${part}`,
});

/** Puts the focus on a part of a step's card once it is drawn; "Add step" if there is no such card. */
export function focusStep(index: number | null, part: StepPart): void {
  setTimeout(() => {
    const found = document.querySelector<HTMLElement>(`[data-step="${index} ${part}"]`);
    const target = found ?? document.querySelector<HTMLElement>('[data-add-step]');
    target?.focus();
  });
}
