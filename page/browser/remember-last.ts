/** The function, which answers what it answered last when it is asked the same again. */
export const rememberLast = <Question extends readonly unknown[], Answer>(
  answer: (...question: Question) => Answer,
): ((...question: Question) => Answer) => {
  let last: { readonly question: Question; readonly answer: Answer } | undefined;
  return (...question) => {
    if (!question.every((part, index) => part === last?.question[index]) || last === undefined)
      last = { question, answer: answer(...question) };
    return last.answer;
  };
};
