/** The sign of a room that is not open to everyone. Words say the same beside it. */
export function Lock() {
  return (
    <svg
      width="0.8em"
      height="0.95em"
      viewBox="0 0 16 19"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <rect x="1.5" y="8" width="13" height="9.5" rx="2" fill="currentColor" stroke="none" />
      <path d="M4.5 8.5V5.2a3.5 3.5 0 0 1 7 0v3.3" />
    </svg>
  );
}
