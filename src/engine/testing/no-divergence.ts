/** Of calibrators that no layers are compared with. */
import type { Calibrator } from '../calibration.ts';

export const NO_DIVERGENCE: Calibrator['divergence'] = () => {
  throw new Error('no layers share what goes');
};
