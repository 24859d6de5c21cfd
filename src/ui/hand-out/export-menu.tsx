import { exportHtml, exportModelCard } from '../../state/hand-out.ts';
import { offerRepository } from '../../state/use-file.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useStudio } from '../studio-context.tsx';

/** Everything that leaves as a file of its own, beside the two that have their buttons. */
export function ExportMenu() {
  const studio = useStudio();
  return (
    <Menu
      width={264}
      button={
        <button type="button" className="btn quiet">
          <Icon name="export" small />
          Export
          <Icon name="down1" small />
        </button>
      }
    >
      <MenuItem onSelect={() => void exportHtml(studio)}>HTML report, all runs</MenuItem>
      <MenuItem onSelect={() => void exportModelCard(studio)}>
        Model card section (Markdown)
      </MenuItem>
      <MenuItem onSelect={() => offerRepository(studio)}>Hugging Face folder (zip)…</MenuItem>
    </Menu>
  );
}
