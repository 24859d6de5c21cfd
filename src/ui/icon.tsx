const PATHS = {
  open: 'M2 12.5v-9h4l1.5 2H14v7z',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  down: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M2.5 13.5h11',
  redo: 'M13 8a5 5 0 1 1-1.5-3.6L13 6M13 2.5V6H9.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  down1: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.8v.1',
  check: 'm3 8.5 3.3 3.3L13 5',
  undo: 'M5.500 2.500 2.500 5.500l3 3M2.500 5.500h7a4 4 0 0 1 0 8H6',
  redoEdit: 'm10.500 2.500 3 3-3 3M13.500 5.500h-7a4 4 0 0 0 0 8H10',
  code: 'M5.500 4.500 2 8l3.500 3.500M10.500 4.500 14 8l-3.500 3.500',
  grip: 'M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  more: 'M3.500 8h.1M8 8h.1M12.500 8h.1',
  x: 'M4 4l8 8M12 4l-8 8',
  info: 'M8 7.5v3.5M8 5v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  import: 'M8 10.5V3M5 5.5l3-3 3 3M3 13.5h10',
  export: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10',
  collapse: 'M10 4 6 8l4 4M13 3v10',
  expand: 'M6 4l4 4-4 4M3 3v10',
  swap: 'M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.500H3.500M6 8l-2.500 2.500L6 13',
  stop: 'M4.5 4.5h7v7h-7z',
  link: 'M6.500 9.500l3-3M7 4.500l1-1a3 3 0 0 1 4.500 4.500l-1 1M9 11.500l-1 1A3 3 0 0 1 3.500 8l1-1',
  doc: 'M4 2h8v12H4zM6.5 5.5h3M6.5 8h3M6.5 10.5h3',
  grid: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 3v10',
  chart: 'M2.500 2.500v11h11M5 10.500h.1M8 7.500h.1M11.500 5h.1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'ic sm' : 'ic'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
