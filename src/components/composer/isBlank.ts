/** What is drawn: neither a blank nor a control, joiner, filler or the like. The Braille blank only looks so. */
const seen = /[^\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]|\p{Co}/u;

/** Whether nothing of the text can be seen. */
export const isBlank = (text: string): boolean => !seen.test(text);
