import type { Family } from '../../catalog/technique.ts';

export type MarkFamily = Family | 'baseline';

/** The family's shape around (x, y), about `r` in radius, as an SVG path. */
export function familyPath(family: Family, x: number, y: number, r: number): string {
  const polygon = (corners: number, turn: number, inner = r) =>
    `M${Array.from({ length: corners }, (_, index) => {
      const angle = turn + (index * 2 * Math.PI) / corners;
      const radius = index % 2 === 0 ? r : inner;
      return `${(x + radius * Math.cos(angle)).toFixed(2)} ${(y + radius * Math.sin(angle)).toFixed(2)}`;
    }).join('L')}Z`;
  switch (family) {
    case 'quantize':
    case 'transform': {
      const c = r * 0.9;
      return `M${x - c} ${y}a${c} ${c} 0 1 0 ${2 * c} 0a${c} ${c} 0 1 0 ${-2 * c} 0Z`;
    }
    case 'prune':
      return polygon(3, -Math.PI / 2);
    case 'factorize':
    case 'residual':
      return polygon(4, -Math.PI / 2);
    case 'share':
      return polygon(4, -Math.PI / 4);
    case 'reshape':
      return polygon(6, 0);
    case 'distill':
      return polygon(10, -Math.PI / 2, r * 0.45);
  }
}
