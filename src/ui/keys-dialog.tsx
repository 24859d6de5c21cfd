import { Dialog } from './dialog.tsx';

const KEYS: readonly (readonly [string, string])[] = [
  ['O', 'Open a model'],
  ['1 2 3', 'Go to Model, Recipe, Results'],
  ['Ctrl or ⌘ Enter', 'Compress'],
  ['Ctrl or ⌘ Z', 'Undo what was done to the recipe; with Shift redo it'],
  ['Alt ↑ ↓', 'Move the step that has the focus'],
  ['Esc', 'Twice within 3 s: cancel the running job'],
  ['R', 'Resume a run whose GPU was lost, or start a failed one again'],
  ['/', 'Filter weights'],
  ['↑ ↓', 'Move in a table; Enter selects'],
  ['← →', 'Move a slider by one mark'],
  ['A B', 'Make the run in focus A or B of the comparison'],
  ['X', 'Swap A and B'],
  ['Del', 'Delete the run in focus'],
  ['+ − 0', 'Zoom in the chart in focus; Shift and arrows move it'],
  ['D', 'Download the selected run'],
  ['S', 'Copy a share link to the selected run'],
  ['?', 'This list'],
];

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly letters: boolean;
  readonly onLetters: (on: boolean) => void;
}

export function KeysDialog({ opened, onClose, letters, onLetters }: Props) {
  return (
    <Dialog name="Keys" opened={opened} onClose={onClose}>
      <div className="row between">
        <h2 className="b">Keys</h2>
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
      </div>
      <table className="plain" aria-label="Keys">
        <tbody>
          {KEYS.map(([key, does]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td className="t2 wrap">{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="check s12">
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => onLetters(event.currentTarget.checked)}
        />
        Single letters work outside fields
      </label>
    </Dialog>
  );
}
