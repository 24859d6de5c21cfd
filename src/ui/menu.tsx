import { Menu as MantineMenu } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { TIPS_ID } from './hint.tsx';
import { Icon } from './icon.tsx';

interface Props {
  /** The button that opens it, which names it. */
  readonly button: ReactElement;
  readonly children: ReactNode;
  readonly width?: number;
}

/** Of a menu that scrolls, in pixels. */
const LEAST_HEIGHT = 120;

/**
 * A menu that floats over everything. Keys pressed in it are its own: the page's shortcuts do not
 * hear them. The focus goes to the first item, which must be one that is never disabled.
 */
export function Menu({ button, children, width }: Props) {
  return (
    <MantineMenu
      position="bottom-start"
      offset={4}
      menuItemTabIndex={0}
      withInitialFocusPlaceholder={false}
      middlewares={{
        flip: true,
        shift: true,
        size: {
          padding: 8,
          apply: ({ availableHeight, elements }) => {
            elements.floating.style.maxHeight = `${Math.max(LEAST_HEIGHT, availableHeight)}px`;
          },
        },
      }}
      transitionProps={{ duration: 0 }}
      portalProps={{ target: `#${TIPS_ID}` }}
      classNames={{ dropdown: 'menu' }}
      {...(width !== undefined && { width })}
    >
      <MantineMenu.Target>{button}</MantineMenu.Target>
      <MantineMenu.Dropdown onKeyDown={(event) => event.stopPropagation()}>
        {children}
      </MantineMenu.Dropdown>
    </MantineMenu>
  );
}

interface ItemProps {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  /** Why it does nothing now; null if it does. */
  readonly obstacle?: string | null;
}

export function MenuItem({ children, onSelect, obstacle = null }: ItemProps) {
  return (
    <MantineMenu.Item
      className="menu-item"
      disabled={obstacle !== null}
      title={obstacle ?? undefined}
      onClick={onSelect}
    >
      {children}
    </MantineMenu.Item>
  );
}

/** On or off; the menu stays open for the next. */
export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: () => void;
  children: ReactNode;
}) {
  return (
    <MantineMenu.CheckboxItem
      className="menu-item"
      checked={checked}
      onChange={onChange}
      closeMenuOnClick={false}
      checkIcon={<Icon name="check" small />}
    >
      {children}
    </MantineMenu.CheckboxItem>
  );
}

/** A link among the items; opens beside the page. */
export function MenuLink({
  href,
  name,
  children,
}: {
  href: string;
  name: string;
  children: ReactNode;
}) {
  return (
    <MantineMenu.Item
      component="a"
      className="menu-item menu-link"
      href={href}
      target="_blank"
      rel="noreferrer"
      aria-label={name}
    >
      {children}
    </MantineMenu.Item>
  );
}
