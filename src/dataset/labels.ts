/** Label values of a person's rows → classes of the model. */
import type { ModelConfig } from './config.ts';
import type { LabelValue, Mapping, Need } from './mapping.ts';

/** More values that are no class are no names of classes: nobody maps them one by one. */
const MAPPABLE_VALUES = 100;

export class LabelReader {
  readonly #config: ModelConfig;
  readonly #mapping: Mapping;
  readonly #classes: readonly string[];
  readonly #normalized: ReadonlyMap<string, number>;
  readonly #strange = new Map<string, { row: number; count: number }>();

  /** - `width` — columns of the model's answer, its classes where config.json names none; null if unknown */
  constructor(config: ModelConfig, mapping: Mapping, width: number | null) {
    this.#config = config;
    this.#mapping = mapping;
    const count = Math.min(width ?? 0, 10_000);
    this.#classes =
      config.labels.length > 0
        ? config.labels
        : Array.from({ length: count }, (_, index) => `class ${index}`);
    this.#normalized = new Map(
      config.labels
        .flatMap((label, index) => {
          const names = [label, ...label.split(',')]; // ImageNet's names are lists of synonyms
          return names.map((name): [string, number] => [plain(name), index]);
        })
        .reverse(), // the first class of a name wins
    );
  }

  /**
   * The class that `value` is: by the person's mapping, a name of config.json (spelled alike but
   * for case, `_` and `-`), a class number or `LABEL_n`; null if none, which is remembered.
   * - `row` — where it stands, for the person
   */
  classOf(value: string, row: number): number | null {
    const index = this.#find(value);
    if (index !== null) return index;
    const known = this.#strange.get(value);
    if (known) known.count++;
    else if (this.#strange.size <= MAPPABLE_VALUES) this.#strange.set(value, { row, count: 1 });
    return null;
  }

  #find(value: string): number | null {
    const { labels, labelIndex } = this.#config;
    const most = this.#classes.length || 1_000_000;
    const mapped = Object.hasOwn(this.#mapping.labels, value)
      ? this.#mapping.labels[value]
      : undefined;
    if (mapped !== undefined && mapped < most) return mapped;
    const named = labelIndex.get(value) ?? labelIndex.get(value.trim());
    if (named !== undefined) return named;
    const number = /^(?:LABEL_)?(\d{1,6})(?:\.0)?$/.exec(value.trim())?.[1];
    const index = Number(number);
    if (number !== undefined && index < most) return index;
    return labels.length > 0 ? (this.#normalized.get(plain(value)) ?? null) : null;
  }

  /**
   * What was no class, so far, for the person to map; null if everything was.
   * - `of` — values are labels of rows, or names of folders
   */
  need(file: string, of: 'row' | 'folder' = 'row'): Need | null {
    const [first] = this.#strange;
    if (!first) return null;
    const [value, { row }] = first;
    const values: LabelValue[] = [...this.#strange]
      .slice(0, MAPPABLE_VALUES)
      .map(([value, place]) => ({ value, ...place }));
    const shown = `"${value.slice(0, 40)}"`;
    const what = of === 'row' ? `row ${row} has the label ${shown}` : `there is a folder ${shown}`;
    const classes = this.#classes.slice(0, 8).map((name) => `"${name}"`);
    const known =
      classes.length > 0 ? `its classes are ${classes.join(', ')}` : 'no class is known';
    return {
      kind: 'labels',
      file,
      reason: `${file}: ${what}, which is no class of the model; ${known}.`,
      values,
      classes: this.#classes,
    };
  }
}

const plain = (name: string): string =>
  name.trim().toLowerCase().replace(/[_-]+/g, ' ').replace(/\s+/g, ' ');
