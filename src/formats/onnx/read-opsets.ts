import { delimited, type Fields, intOf, textOf } from './fields.ts';

/** The domain of an OperatorSetIdProto; '' under both names of the default one. */
export function opsetDomain(fields: Fields): string {
  const domain = textOf(fields, 1) ?? '';
  return domain === 'ai.onnx' ? '' : domain;
}

/** Repeated OperatorSetIdProto as versions by domain; of a repeated domain the last counts. */
export function readOpsets(fields: Fields, number: number): ReadonlyMap<string, number> {
  const opsets = new Map<string, number>();
  for (const { fields: opset } of delimited(fields, number)) {
    opsets.set(opsetDomain(opset!), intOf(opset!, 2) ?? 0);
  }
  return opsets;
}
