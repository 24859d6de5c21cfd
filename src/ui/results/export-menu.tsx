import { exportChart } from '../../state/hand-out.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useStudio } from '../studio-context.tsx';
import { type Background, chartPng, chartSvg, type ExportedChart } from './export-chart.ts';

interface Props {
  /** The chart as it is drawn when an item is chosen; null while there is none. */
  readonly chart: () => ExportedChart | null;
}

const BACKGROUNDS: readonly Background[] = ['white', 'dark'];

/** The chart as SVG or PNG, on white or dark. */
export function ExportMenu({ chart }: Props) {
  const studio = useStudio();
  const save = (format: 'svg' | 'png', background: Background) =>
    exportChart(studio, format, async () => {
      const drawn = chart();
      if (!drawn) return null;
      if (format === 'png') return chartPng(drawn, background);
      return new Blob([chartSvg(drawn, background)], { type: 'image/svg+xml' });
    });
  return (
    <Menu
      width={200}
      button={
        <button type="button" className="btn icon" aria-label="Export chart" title="Export chart">
          <Icon name="down" />
        </button>
      }
    >
      {(['svg', 'png'] as const).flatMap((format) =>
        BACKGROUNDS.map((background) => (
          <MenuItem key={`${format}${background}`} onSelect={() => void save(format, background)}>
            {format.toUpperCase()}, {background} background
          </MenuItem>
        )),
      )}
    </Menu>
  );
}
