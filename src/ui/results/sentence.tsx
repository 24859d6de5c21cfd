import type { VerdictPart } from '../../report/verdict.ts';
import { Glossed } from '../glossed.tsx';

/** A verdict in words, its figures strong. */
export const Sentence = ({ parts }: { parts: readonly VerdictPart[] }) => (
  <p className="sentence">
    {parts.map((part, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence are known by place
      <Part key={index} {...part} />
    ))}
  </p>
);

const Part = ({ text, strong, tone }: VerdictPart) =>
  strong ? (
    <b className={tone}>{text}</b>
  ) : (
    <span>
      <Glossed text={text} />
    </span>
  );
