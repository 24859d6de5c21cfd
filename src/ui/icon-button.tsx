import { Hint } from './hint.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly icon: IconName;
  /** Accessible name and tooltip. */
  readonly name: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
}

export function IconButton({ icon, name, onClick, pressed }: Props) {
  return (
    <Hint label={name}>
      <button
        type="button"
        className={pressed ? 'btn icon pressed' : 'btn icon'}
        aria-label={name}
        aria-pressed={pressed}
        onClick={onClick}
      >
        <Icon name={icon} />
      </button>
    </Hint>
  );
}
