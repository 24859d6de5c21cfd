/** The pipeline that a model is for, by the head that its config names. */
const TASKS: readonly (readonly [ending: RegExp, task: string])[] = [
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForQuestionAnswering$/, 'question-answering'],
  [/ForMaskedLM$/, 'fill-mask'],
  [/(?:ForCausalLM|LMHeadModel)$/, 'text-generation'],
  [/ForImageClassification$/, 'image-classification'],
  [/(?:Model|ForSentenceEmbedding)$/, 'feature-extraction'],
];

/** - `config` — the value of a config.json from anywhere; null if it names no known head */
export function taskOf(config: unknown): string | null {
  const { architectures } = Object(config) as { readonly architectures?: unknown };
  const [first] = Array.isArray(architectures) ? architectures : [];
  if (typeof first !== 'string') return null;
  return TASKS.find(([ending]) => ending.test(first))?.[1] ?? null;
}
