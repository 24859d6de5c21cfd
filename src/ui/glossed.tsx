import { glossed } from './glossary.ts';
import { Term } from './term.tsx';

/** A text whose words of the trade say what they mean. */
export const Glossed = ({ text }: { text: string }) =>
  glossed(text).map((piece) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      <Term key={piece.word} meaning={piece.meaning}>
        {piece.word}
      </Term>
    ),
  );
