import { Hint } from './hint.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly icon: IconName;
  /** Accessible name and tooltip. */
  readonly name: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  /** The tooltip, where it says more than the name. */
  readonly hint?: string;
  /** Can be reached, so that the tooltip says why, and does nothing. */
  readonly disabled?: boolean;
}

export function IconButton({ icon, name, onClick, pressed, hint, disabled = false }: Props) {
  return (
    <Hint label={hint ?? name}>
      <button
        type="button"
        className={pressed ? 'btn icon pressed' : 'btn icon'}
        aria-label={name}
        aria-pressed={pressed}
        aria-disabled={disabled || undefined}
        onClick={onClick}
      >
        <Icon name={icon} />
      </button>
    </Hint>
  );
}
