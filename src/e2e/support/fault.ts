/** What a network does to a line that runs through it, for as long as it lasts. */
export type Fault =
  /** Everything gets through. */
  | { kind: 'none' }
  /** Nothing gets through, and nobody is told. */
  | { kind: 'black hole' }
  /** What the page sends vanishes; what the server sends still arrives. */
  | { kind: 'silent up' }
  /** What the server sends vanishes; what the page sends still arrives. */
  | { kind: 'silent down' }
  /** Connections are taken and reset at once; those that are open are reset, too. */
  | { kind: 'reset' }
  /** Nobody listens; connections that are open are reset. */
  | { kind: 'refuse' }
  /** Bytes are held back both ways, and handed on when the fault is over. */
  | { kind: 'stall' }
  /** Every byte takes this much longer, each way. */
  | { kind: 'delay'; delayMs: number }
  /** Every piece takes a random time longer, up to this; their order stays. */
  | { kind: 'jitter'; upToMs: number }
  /** Bytes drip, each way. */
  | { kind: 'slow drip'; bytesPerSecond: number }
  /** What comes from the server is cut in the middle of a frame, and the connection is reset. */
  | { kind: 'cut mid-frame' }
  /** Bytes that come from the server are changed on the way. */
  | { kind: 'corrupt' }
  /** Each new connection reaches the server twice, byte for byte; the page hears the first only. */
  | { kind: 'duplicate' }
  /** Each new connection is closed with this code as soon as the server has accepted it. */
  | { kind: 'close'; code: number; reason: string };
