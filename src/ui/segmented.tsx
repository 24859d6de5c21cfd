import { SegmentedControl } from '@mantine/core';

interface Props<T extends string> {
  readonly name: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly small?: boolean;
  readonly fullWidth?: boolean;
}

/** A radio group drawn as one control. */
export function Segmented<T extends string>(props: Props<T>) {
  const { name, value, choices, onChange, small = false, fullWidth = false } = props;
  return (
    <SegmentedControl<T>
      aria-label={name}
      value={value}
      data={[...choices]}
      onChange={onChange}
      fullWidth={fullWidth}
      withItemsBorders={false}
      transitionDuration={0}
      classNames={{
        root: small ? 'seg xs' : 'seg',
        indicator: 'seg-indicator',
        control: 'seg-control',
        label: 'seg-label',
      }}
    />
  );
}
