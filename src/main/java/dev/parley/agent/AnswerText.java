package dev.parley.agent;

import org.jspecify.annotations.Nullable;

/**
 * The text of an answer as its pieces come, made fit to be stored: NUL and halves of surrogate
 * pairs become U+FFFD. A pair may be spread over two pieces. Bounded by {@link
 * AgentOutput#MAX_ANSWER_BYTES}.
 */
final class AnswerText {
  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder whole = new StringBuilder();
  private long bytes = 2;
  private char carried;

  /**
   * What can be said after this piece, perhaps nothing.
   *
   * @throws TooLongException when the whole would be too long; the piece is not added
   */
  String add(String piece) throws TooLongException {
    String all = carried == 0 ? piece : carried + piece;
    boolean carry = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
    String sayable = clean(carry ? all.substring(0, all.length() - 1) : all);
    append(sayable);
    carried = carry ? all.charAt(all.length() - 1) : 0;
    return sayable;
  }

  /**
   * What is left to say when no piece follows, perhaps nothing.
   *
   * @throws TooLongException as above
   */
  String end() throws TooLongException {
    String sayable = carried == 0 ? "" : String.valueOf(REPLACEMENT);
    append(sayable);
    carried = 0;
    return sayable;
  }

  /** All that was said. */
  String whole() {
    return whole.toString();
  }

  private void append(String sayable) throws TooLongException {
    long grown = bytes + jsonBytes(sayable);
    if (grown > AgentOutput.MAX_ANSWER_BYTES) {
      throw new TooLongException("more than " + AgentOutput.MAX_ANSWER_BYTES + " bytes of answer");
    }
    bytes = grown;
    whole.append(sayable);
  }

  /** The text with U+FFFD for what can't be stored. */
  static String clean(String text) {
    StringBuilder cleaned = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        cleaned = cleaned == null ? new StringBuilder(text) : cleaned;
        cleaned.setCharAt(i, REPLACEMENT);
      }
    }
    return cleaned == null ? text : cleaned.toString();
  }

  /** The size of an answer's texts as JSON, without the names around them. */
  static long jsonBytes(AgentOutput.Completed answer) {
    long sum = 2 + jsonBytes(answer.text()) + optionalBytes(answer.thought());
    for (String action : answer.actions()) {
      sum += 3 + jsonBytes(action);
    }
    for (Attachment attachment : answer.attachments()) {
      sum +=
          100
              + jsonBytes(attachment.url())
              + optionalBytes(attachment.name())
              + optionalBytes(attachment.mimeType());
    }
    return sum;
  }

  private static long optionalBytes(@Nullable String text) {
    return text == null ? 0 : jsonBytes(text);
  }

  /**
   * The size of a text as JSON in UTF-8, escaped as {@code JSON.stringify} does, without quotes.
   */
  static long jsonBytes(String text) {
    long sum = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f') {
        sum += 2;
      } else if (c < 0x20) {
        sum += 6;
      } else if (c < 0x80) {
        sum += 1;
      } else if (c < 0x800 || Character.isSurrogate(c)) {
        // Each half of a pair is half of four bytes.
        sum += 2;
      } else {
        sum += 3;
      }
    }
    return sum;
  }
}
