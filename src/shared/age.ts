/** A span in the largest unit that fits, whole: `42 s`, `3 min`, `2 h`, `5 d`. Negative spans are 0. */
export function ageText(seconds: number): string {
  const whole = Math.floor(Math.max(seconds, 0));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 172800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86400)} d`;
}
