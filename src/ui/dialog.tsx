import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A window over the page while `opened`; Escape closes it, too. */
export function Dialog({ name, opened, onClose, className = 'keys', children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (opened) dialog.current?.showModal();
    else dialog.current?.close();
  }, [opened]);
  return (
    <dialog ref={dialog} className={className} aria-label={name} onClose={onClose}>
      {children}
    </dialog>
  );
}
