/** What can stand in a line of a message. */
export type Inline =
  | { kind: 'text' | 'code' | 'mention'; text: string }
  | { kind: 'link'; text: string; href: string; host: string | undefined }
  | { kind: 'bold' | 'italic'; children: Inline[] };
