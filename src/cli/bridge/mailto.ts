/**
 * What a mail program shows before it is sent. Anything else is left out: `attach` makes some programs attach a file of
 * the host, without a word.
 */
const fields: readonly string[] = ["to", "cc", "bcc", "subject", "body"];

/** Everything but letters, digits and `-._` is a number, so that no reader on the way takes it for more than text. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Line ends belong into the text of a mail alone: elsewhere they would begin another header. */
const withoutControls = (text: string, field: string): string =>
  text.replace(/\p{Cc}/gu, (char) => (field === "body" && /[\r\n\t]/.test(char) ? char : " "));

/** xdg-email puts the values between single quotes, in a list of its own in which `attachment` is one of the names. */
const withoutQuotes = (text: string): string => text.replace(/'|%(?:25)*27/gi, "\u2019");

function plain(text: string, field: string, platform: "darwin" | "linux"): string {
  const value = withoutControls(decodeURIComponent(text), field);
  return platform === "linux" ? withoutQuotes(value) : value;
}

/** The address with what may be in it, written anew; undefined when it is none. */
export function plainMailto(href: string, platform: "darwin" | "linux"): string | undefined {
  const [address = "", query = ""] = href
    .slice("mailto:".length)
    .replace(/#.*$/s, "")
    .split(/\?(.*)/s);
  try {
    const to = encoded(plain(address, "to", platform))
      .replaceAll("%40", "@")
      .replaceAll("%2C", ",");
    const kept = query.split("&").flatMap((part) => {
      const [name = "", value = ""] = part.split(/=(.*)/s);
      const field = decodeURIComponent(name).toLowerCase();
      return fields.includes(field) ? [`${field}=${encoded(plain(value, field, platform))}`] : [];
    });
    return `mailto:${to}${kept.length > 0 ? `?${kept.join("&")}` : ""}`;
  } catch {
    return undefined;
  }
}
