/**
 * What a message says, with its markup drawn. Texts become React nodes and nothing else, so no HTML of
 * anybody's ever exists. Whatever the text is, it stays within its place: long ones are folded.
 */
import { memo, type ReactNode, useMemo, useState } from 'react';
import { useFirstTexts } from '../../i18n/texts';
import { CodeBlock } from '../later';
import { isEmojiAlone } from './emojiAlone';
import type { Inline } from './inline';
import { isLong } from './isLong';
import styles from './MessageBody.module.css';
import { type Block, parse } from './parse';
import { useFindLinks } from './useFindLinks';
import { useMentionNames } from './useMentionNames';

export interface MessageBodyProps {
  body: string;
  /** It is still being written: then all of it is shown, and stays so once it has ended. */
  isGrowing?: boolean;
}

export const MessageBody = memo(function MessageBody({
  body,
  isGrowing = false,
}: MessageBodyProps) {
  const { composer, program } = useFirstTexts();
  const findLinks = useFindLinks(body);
  const { names, own, programs } = useMentionNames(body);
  const [isOpen, setOpen] = useState(isGrowing);
  const canFold = useMemo(() => !isGrowing && isLong(body), [body, isGrowing]);
  const content = useMemo(
    () =>
      drawBlocks(parse(body, { findLinks, names }), {
        own: new Set(own),
        programs: new Set(programs),
        program,
      }),
    [body, findLinks, names, own, programs, program],
  );
  const isFolded = canFold && !isOpen;
  return (
    <>
      <div
        className={styles.body}
        data-part="body"
        data-folded={isFolded}
        data-emoji-alone={isEmojiAlone(body)}
        dir="auto"
        // What is searched for, or has the focus, is scrolled to even where it is folded away.
        onScroll={isFolded ? () => setOpen(true) : undefined}
      >
        {content}
      </div>
      {canFold && (
        <button
          type="button"
          className={`quietButton ${styles.fold}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? composer.showLess : composer.showAll}
        </button>
      )}
    </>
  );
});

/** Who a mention may mean, by name. */
interface People {
  readonly own: ReadonlySet<string>;
  readonly programs: ReadonlySet<string>;
  /** The word for a program. */
  readonly program: string;
}

function drawBlocks(blocks: readonly Block[], people: People): ReactNode[] {
  return blocks.map((block, index) => {
    const key = `${index} ${block.kind}`;
    if (block.kind === 'code')
      return <CodeBlock key={key} text={block.text} language={block.language} />;
    if (block.kind === 'quote')
      return (
        <blockquote key={key} className={styles.quote} dir="auto">
          {drawBlocks(block.children, people)}
        </blockquote>
      );
    const text = drawInlines(block.children, people);
    return blocks.length === 1 ? text : <div key={key}>{text}</div>;
  });
}

function drawInlines(nodes: readonly Inline[], people: People): ReactNode[] {
  return nodes.map((node, index) => {
    const key = `${index} ${node.kind}`;
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'code':
        return (
          <code key={key} className={styles.code}>
            {node.text}
          </code>
        );
      case 'mention':
        return (
          <bdi
            key={key}
            className={styles.mention}
            data-mine={people.own.has(node.text.slice(1))}
            data-program={people.programs.has(node.text.slice(1)) ? people.program : undefined}
          >
            {node.text}
          </bdi>
        );
      case 'link':
        return (
          <a
            key={key}
            className={styles.link}
            href={node.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            data-host={node.host}
          >
            {node.text}
          </a>
        );
      case 'bold':
        return <strong key={key}>{drawInlines(node.children, people)}</strong>;
      case 'italic':
        return <em key={key}>{drawInlines(node.children, people)}</em>;
    }
    throw new Error('a node of no known kind');
  });
}
