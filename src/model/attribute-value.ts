/** From attributes as they were read to attributes of new nodes. */
import type { AttributeValue } from './edit.ts';
import type { Attribute } from './model.ts';

/** null for a tensor, graph or reference, which is not decoded and so cannot be written again. */
export function toAttributeValue(attribute: Attribute): AttributeValue | null {
  switch (attribute.kind) {
    case 'int':
      return { int: attribute.value };
    case 'ints':
      return { ints: attribute.values };
    case 'float':
      return { float: attribute.value };
    case 'floats':
      return { floats: attribute.values };
    case 'string':
      return { string: attribute.value };
    case 'strings':
      return { strings: attribute.values };
    case 'tensor':
    case 'other':
      return null;
  }
}
