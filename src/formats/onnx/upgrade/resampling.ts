/** Operators that sample values between the given ones. */
import type { Convert } from './upgrade-context.ts';

export const scalesToInput: Convert = (draft, context) => {
  const scales = draft.take('scales', 'floats')?.values;
  if (!scales) draft.problem ??= 'it does not say by how much';
  else draft.setInput(1, context.floats('scales', scales));
};

/** Upsample went; it only ever enlarged, so nearest values were those before. */
export const upsampleToResize: Convert = (draft) => {
  draft.op = 'Resize';
  draft.isChanged = true;
  draft.set('nearest_mode', { kind: 'string', value: 'floor' });
};

/**
 * Resize got ways to map coordinates: the one that was is 'asymmetric'. Nearest values were those
 * before where it enlarged and those after where it reduced, which the new ones cannot say without
 * knowing which it does.
 */
export const sayHowToResize: Convert = (draft, context) => {
  const isEnlarging = draft.takeText('nearest_mode') === 'floor';
  const mode = draft.takeText('mode') ?? 'nearest';
  if (mode === 'nearest' && !isEnlarging) {
    draft.problem ??= 'whether it enlarges or reduces is not known before it runs';
  }
  draft.set('mode', { kind: 'string', value: mode });
  draft.set('coordinate_transformation_mode', { kind: 'string', value: 'asymmetric' });
  if (mode === 'nearest') draft.set('nearest_mode', { kind: 'string', value: 'floor' });
  const scales = draft.input(1);
  const isOptional = context.to >= 13;
  draft.setInput(1, isOptional ? '' : context.floats('no_region', []));
  draft.setInput(2, scales);
};

const GONE_MODE = 'tf_half_pixel_for_nn';

export const refuseGoneMode: Convert = (draft) => {
  const mode = draft.takeText('coordinate_transformation_mode');
  if (mode === undefined) return;
  draft.set('coordinate_transformation_mode', { kind: 'string', value: mode });
  if (mode === GONE_MODE) draft.problem ??= `its mode ${GONE_MODE} is gone`;
};

export const renameSampling: Convert = (draft) => {
  const mode = draft.takeText('mode') ?? 'bilinear';
  const renamed = mode === 'bilinear' ? 'linear' : mode === 'bicubic' ? 'cubic' : mode;
  draft.set('mode', { kind: 'string', value: renamed });
};

/** Half a pixel is subtracted by default now. */
export const keepWholePixels: Convert = (draft) => {
  draft.set('coordinate_transformation_mode', { kind: 'string', value: 'output_half_pixel' });
};
