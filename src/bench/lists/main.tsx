/** A page with one list, chosen by `?list=NAME&server=ws://...`, and a field to write in. */
import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css';
import {
  ChatContainer,
  MessageList as ChatscopeList,
  MainContainer,
  Message,
} from '@chatscope/chat-ui-kit-react';
import { memo, useLayoutEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { Virtuoso } from 'react-virtuoso';
import type { LoggedMessage } from '../../protocol/message';
import { readFeed, useMessages } from './feedStore';

const Row = memo(function Row({ message }: { message: LoggedMessage }) {
  return (
    <div className="row" data-seq={message.seq}>
      <b>{message.from.name}</b> <time>{new Date(message.at).toLocaleTimeString()}</time>
      <div data-part="body">{message.body}</div>
    </div>
  );
});

const keyOf = ({ from, id }: LoggedMessage) => `${from.id} ${id}`;

/** Every message an element, as most begin. */
function Plain() {
  const messages = useMessages((state) => state.messages);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (messages.length > 0) list.current?.scrollTo(0, list.current.scrollHeight);
  }, [messages]);
  return (
    <div className="list" ref={list}>
      {messages.map((message) => (
        <Row key={keyOf(message)} message={message} />
      ))}
    </div>
  );
}

function ReactVirtuoso() {
  const messages = useMessages((state) => state.messages);
  return (
    <Virtuoso
      className="list"
      data={messages}
      // By itself it lets go of the end as soon as more comes than it has measured.
      followOutput={() => 'auto'}
      alignToBottom
      initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
      computeItemKey={(_, message) => keyOf(message)}
      itemContent={(_, message) => <Row message={message} />}
    />
  );
}

function Chatscope() {
  const messages = useMessages((state) => state.messages);
  return (
    <MainContainer className="list">
      <ChatContainer>
        <ChatscopeList>
          {messages.map((message) => (
            <Message
              key={keyOf(message)}
              model={{ type: 'custom', direction: 'incoming', position: 'single' }}
            >
              <Message.CustomContent>
                <Row message={message} />
              </Message.CustomContent>
            </Message>
          ))}
        </ChatscopeList>
      </ChatContainer>
    </MainContainer>
  );
}

const lists: Record<string, () => React.ReactNode> = {
  plain: Plain,
  'react-virtuoso': ReactVirtuoso,
  chatscope: Chatscope,
};

const query = new URLSearchParams(location.search);
const List = lists[query.get('list') ?? ''];
const url = query.get('server');
const root = document.getElementById('root');
if (!List || !url || !root) throw new Error(`no such list: ${location.search}`);

// The peers are given all that there is when they begin, as their examples do.
readFeed(url, () =>
  createRoot(root).render(
    <>
      <List />
      <textarea aria-label="Message" rows={1} />
    </>,
  ),
);
