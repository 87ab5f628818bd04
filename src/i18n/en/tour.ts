/**
 * The guided tour: what each step tells, what it waits for, and what was seen. Loaded with the tour, so it
 * is no part of the page's other texts.
 */

const count = (value: number) => value.toLocaleString('en');
const millis = (ms: number) => `${count(Math.round(ms))} ms`;
const seconds = (ms: number) =>
  `${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`;

export const tour = {
  intro:
    'Nine short steps on the very line that you are chatting on. Each really happens, and is ticked off only once this page has seen it.',
  progress: (done: number, all: number) => `${done} of ${all} seen`,
  isDone: 'seen',
  isSkipped: 'not possible here',
  next: 'Next step',
  again: 'Once more',
  restart: 'Start again',
  running: 'Watching the line…',
  stop: 'Stop',
  missed:
    'This was not seen in time. If a fault of the connection lab is on, turn it off; then try once more.',
  needsLine: 'The line is not open just now. This step waits until it is.',
  seenNow: (what: string) => `Seen: ${what}`,
  stepDone: (title: string) => `Step done: ${title}.`,
  finished: 'That was the whole tour.',
  finishedHint:
    'Everything that you saw happens all the time, in every chat that lasts. In the connection lab you can do it at will: each frame, each delay, each fault.',
  impossible: {
    plain:
      'This server knows bare text only, with no handshake, numbers or acks of its own. With Heartline’s server you could see it here.',
    'no heartbeat':
      'No heartbeat was agreed on with this server: name one in the address (heartbeat=…) to see it here.',
    'no worker':
      'This browser gives the page no service worker here, in a private window or over plain HTTP, and without one nothing can be pushed.',
  },

  steps: {
    socket: {
      title: 'A socket',
      tells: [
        'On most of the web the page asks and the server answers; it never speaks first. A WebSocket is a line that stays: either end may say something whenever it likes.',
        'The button hangs up and opens a new socket. Watch the status at the top.',
      ],
      button: 'Open a new socket',
    },
    handshake: {
      title: 'The handshake',
      tells: [
        'A WebSocket begins as an HTTP request that asks to be upgraded. The server answers 101, and from then on the same line carries frames. Browsers keep that part to themselves.',
        'What you can see is the chat’s own handshake on top: the server says hello, this page says who you are, the server says ready. The button does all of it anew.',
      ],
      button: 'Shake hands again',
    },
    frames: {
      title: 'Frames',
      tells: [
        'Whatever travels on the line is cut into frames: a few bytes that say what comes and how long it is, then the content. This chat’s content is JSON, and its field t says what it is about.',
        'The button sends the smallest thing that there is to say here.',
      ],
      button: 'Send one frame',
    },
    heartbeat: {
      title: 'The heartbeat',
      tells: [
        'A line can die without a word: a cable is pulled, a phone enters a tunnel, a router forgets. Neither end is told. So the page asks whether the other end is still there whenever nothing has been answered for a while.',
        'The button makes that while a second long, until three beats have come back. Watch the trace at the top.',
      ],
      button: 'Beat every second',
    },
    pingPong: {
      title: 'Ping and pong',
      tells: [
        'A beat is two frames: a ping with a number, and the pong that brings the number back. WebSockets have pings of their own, but no page can send or see them, so this chat sends frames.',
        'After one such pair the button freezes whatever comes in, as if half of the cable were gone. Your side can still send, and hears nothing. The pong that is missing gives the dead line away.',
      ],
      button: 'Let a pong go missing',
    },
    ack: {
      title: 'The ack',
      tells: [
        'That a socket took your words proves nothing: the line may be dead and not know it yet. So the server confirms each message, and only once it is safe in the room’s log. Until that ack comes, the page keeps the message and sends it again on the next line; its id keeps it from being stored twice.',
        'The button says hello in this room, in your name. Watch the sign beside the message.',
      ],
      button: 'Say hello in this room',
    },
    reconnect: {
      title: 'Reconnecting',
      tells: [
        'A line that was lost is replaced without being asked for: at once the first time, then after waits that grow with each try. Chance has a part in them, so that a thousand pages do not all come back in the same moment.',
        'The button cuts the line, lets two tries fail, and writes a message meanwhile. Nothing of it is lost.',
      ],
      button: 'Cut the line',
    },
    close: {
      title: 'Closing on purpose',
      tells: [
        'A line that broke is mended; a line that you close stays closed. The close code makes the difference: 1000 says that you meant it, and the others see you leave at once.',
        'The button hangs up. Then nothing happens, and that is the point. After three quiet seconds the tour connects you again.',
      ],
      button: 'Leave on purpose',
    },
    push: {
      title: 'Push',
      tells: [
        'With every tab closed there is no line. For that a browser keeps one of its own, to its maker’s push service: the server leaves a sealed note there, and the browser wakes a small part of this page, its service worker, to show it.',
      ],
      button: 'Hand over a push',
    },
  },
  /** What else a step says where the server is in the page. */
  local:
    'Here the server lives in your browser: its socket is made of messages to a worker, with no HTTP before it. All above that is the same.',
  push: {
    page: 'No push service takes part here: this page stands in for it, and hands the note to the service worker itself. From there on everything is as it would be.',
    service:
      'Push is on for this room, so this can be the real thing: the button leaves, and then waits for three minutes at most. Write something in this room meanwhile, from another browser or device and under another name.',
    companion:
      'Push is on for this room, so this can be the real thing: the button asks the program in this room for an answer that takes its time, and leaves at once. The answer has to reach you by push.',
    canBeReal: 'With the switch on, it can be a real push instead.',
    serviceButton: 'Leave, and wait for a push',
    pageButton: 'Let this page stand in',
    allow: 'Allow notifications',
    denied:
      'Your browser shows no notifications of this page. The service worker gets the push all the same.',
    notAsked: 'To see it as a notification, too, allow this page to show some.',
  },

  /** What the tour writes into the room, in the person's name. */
  says: {
    hello: 'Hello from the guided tour 👋',
    meanwhile: 'Written while the line was cut ✂️',
  },
  /** What is pushed by hand. */
  pushed: {
    from: 'Guided tour',
    text: 'This is how you hear of a message while you are away.',
  },

  /** What is waited for, before it was seen. */
  awaits: {
    opening: 'a socket that is opening',
    opened: 'the socket is open',
    hello: 'hello, from the server',
    auth: 'auth, from this page',
    ready: 'ready, from the server',
    open: 'the line is open for messages',
    frame: 'a frame that leaves',
    beats: 'three beats that are answered',
    ping: 'a ping that leaves',
    pong: 'its pong',
    lostPing: 'a ping that stays unanswered',
    dead: 'the line is given up',
    openAgain: 'a new line',
    sent: 'the message leaves',
    ack: 'its ack',
    confirmed: 'the message is marked as sent',
    cut: 'the line breaks',
    kept: 'a message that waits',
    failedTries: 'two tries that fail',
    delivered: 'the message that waited is sent',
    closed: 'the line is closed, with code 1000',
    quiet: 'three seconds in which nothing is tried',
    asked: 'the program has the question',
    left: 'you are away',
    pushed: 'the service worker has the push',
    shown: 'what became of it',
  },

  /** What was seen. */
  sights: {
    opening: (url: string) => `A socket is opening, to ${url}`,
    openingLocal: () => 'A socket is opening, to the server in this browser',
    opened: (ms: number) => `It is open, after ${millis(ms)}`,
    hello: (intervalMs: number) =>
      `“hello” came: the server wants a heartbeat every ${seconds(intervalMs)}`,
    auth: () => '“auth” left: who you are, and the proof of it',
    ready: (name: string) => `“ready” came: you are ${name}`,
    open: (ms: number) => `The line is open for messages, ${millis(ms)} later`,
    frame: (text: string, bytes: number) => `${text} left, ${count(bytes)} bytes`,
    frameOnWire: (text: string, bytes: number, header: number) =>
      `${text} left: ${count(bytes)} bytes, and on a network ${header} more for the frame’s header and mask`,
    beats: (ms: number) => `Three beats were answered, the last after ${millis(ms)}`,
    ping: (n: number) => `Ping ${count(n)} left`,
    pong: (n: number, ms: number) => `Pong ${count(n)} came, after ${millis(ms)}`,
    lostPing: (n: number) => `What comes in is frozen, and ping ${count(n)} left`,
    dead: (ms: number) => `No pong in ${seconds(ms)}: the line is given up`,
    openAgain: (ms: number) => `A new line is open, ${millis(ms)} later`,
    sent: (id: string) => `The message left, with the id …${id}`,
    ack: (seq: number, ms: number) =>
      `The ack came after ${millis(ms)}: it is number ${count(seq)} in this room`,
    confirmed: () => 'The message is marked as sent',
    cut: (code: number) => `The line broke, with code ${code}: no goodbye`,
    kept: () => 'The message waits in this browser',
    failedTries: (ms: number) => `Two tries failed; the next one comes in ${millis(ms)}`,
    delivered: () => 'The message that waited is sent, and is in the room once',
    handedOver: () => 'The message that waited was handed to the new line',
    closed: () => 'The line is closed, with code 1000: you left on purpose',
    quiet: () => 'Three quiet seconds: nothing was tried',
    asked: () => 'The program has been asked',
    left: () => 'You are away: the line is closed',
    pushedByService: () => 'The push service woke the service worker with the push',
    pushedByPage: () => 'The service worker has the push, from this page in the service’s place',
    shown: () => 'It shows a notification',
    'not allowed': () => 'It was received; this page is not allowed to show notifications',
  },
};

export type TourTexts = typeof tour;
