/** Whether this browser could record a voice note: only in a secure context, and where there is a recorder. */
export function canRecord(): boolean {
  return (
    window.isSecureContext &&
    'MediaRecorder' in window &&
    navigator.mediaDevices?.getUserMedia !== undefined
  );
}
