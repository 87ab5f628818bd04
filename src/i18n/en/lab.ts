/** The connection lab, as far as it is seen before it is opened: its button, and what is wrong on purpose. */
const plainNumber = (value: number) => value.toLocaleString('en');

export const lab = {
  loading: 'Loading…',
  /** What is on, above the conversation. */
  strip: {
    label: 'Changed in the connection lab',
    frozen: {
      both: 'line frozen',
      in: 'frozen: nothing comes in',
      out: 'frozen: nothing goes out',
    },
    delayed: (ms: number) => `${plainNumber(ms)} ms late`,
    lost: (percent: number) => `${percent}% lost`,
    duplicated: (percent: number) => `${percent}% sent twice`,
    refusing: 'connections refused',
    offline: 'offline',
    tuned: 'tuned by hand',
    allOff: 'All off',
  },
};
