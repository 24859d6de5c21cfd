import { useEffect, useRef } from 'react';

interface Props {
  readonly question: string;
  /** Tells the buttons of several questions apart. */
  readonly name: string;
  readonly onDelete: () => void;
  readonly onKeep: () => void;
}

/** Asks once before something is deleted for good; the focus is on the way back. */
export function ConfirmDelete({ question, name, onDelete, onKeep }: Props) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div className="confirm-delete" role="alertdialog" aria-label={question}>
      <p>{question}</p>
      <div className="row kept-actions">
        <button type="button" className="btn" ref={keep} onClick={onKeep}>
          Keep<span className="hidden-name"> {name}</span>
        </button>
        <button type="button" className="btn bad" onClick={onDelete}>
          Delete<span className="hidden-name"> {name} for good</span>
        </button>
      </div>
    </div>
  );
}
