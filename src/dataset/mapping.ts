/**
 * What a person said about names that do not match, and what could not be matched. As `report/` has
 * them (`DataMapping`, `MappingNeed`); this room may not import that one.
 */

export interface Mapping {
  readonly columns: {
    readonly text?: string;
    readonly textPair?: string;
    readonly label?: string;
  };
  /** Class by label value or folder name. */
  readonly labels: Readonly<Record<string, number>>;
  /** Array by graph input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string | null;
  readonly windowTokens: number | null;
}

export const NO_MAPPING: Mapping = {
  columns: {},
  labels: {},
  inputs: {},
  output: null,
  windowTokens: null,
};

export type ColumnRole = 'text' | 'textPair' | 'label';

export interface NamedType {
  readonly name: string;
  readonly type: string;
}

export interface LabelValue {
  readonly value: string;
  readonly row: number;
  readonly count: number;
}

export type Need =
  | {
      readonly kind: 'columns';
      readonly file: string;
      readonly reason: string;
      readonly missing: readonly ColumnRole[];
      readonly columns: readonly string[];
      readonly examples: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'labels';
      readonly file: string;
      readonly reason: string;
      readonly values: readonly LabelValue[];
      readonly classes: readonly string[];
    }
  | {
      readonly kind: 'inputs';
      readonly file: string;
      readonly reason: string;
      readonly inputs: readonly NamedType[];
      readonly arrays: readonly NamedType[];
    }
  | {
      readonly kind: 'output';
      readonly file: string;
      readonly reason: string;
      readonly outputs: readonly NamedType[];
    };

/** The array that feeds the graph input `name`. */
export const arrayFor = ({ inputs }: Mapping, name: string): string =>
  (Object.hasOwn(inputs, name) ? inputs[name] : undefined) ?? name;
