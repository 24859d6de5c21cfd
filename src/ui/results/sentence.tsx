import type { VerdictPart } from '../../report/verdict.ts';

/** A verdict in words, its figures strong. */
export const Sentence = ({ parts }: { parts: readonly VerdictPart[] }) => (
  <p className="sentence">
    {parts.map(({ text, strong }, index) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence are known by place
      strong ? <b key={index}>{text}</b> : <span key={index}>{text}</span>,
    )}
  </p>
);
