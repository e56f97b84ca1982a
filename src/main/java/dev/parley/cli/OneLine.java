package dev.parley.cli;

/** Text of anybody, as a line of a terminal may show it: nothing in it moves the cursor. */
final class OneLine {
  private OneLine() {}

  /** The text with line breaks and control characters as JSON would escape them. */
  static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(character -> append(line, character));
    return line.toString();
  }

  private static void append(StringBuilder line, int character) {
    if (character == '\n') {
      line.append("\\n");
    } else if (character == '\t') {
      line.append("\\t");
    } else if (Character.isISOControl(character) || character == 0x2028 || character == 0x2029) {
      line.append("\\u%04x".formatted(character));
    } else {
      line.appendCodePoint(character);
    }
  }
}
