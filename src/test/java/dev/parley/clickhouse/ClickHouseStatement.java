package dev.parley.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One statement as it comes over HTTP: the data of an INSERT follows its {@code FORMAT name} or
 * {@code VALUES} and may be any bytes.
 *
 * @param text goes to the engine; of an INSERT with data it is what precedes {@code FORMAT}
 * @param format of the data of an INSERT, or of the result if the statement names one
 * @param data of an INSERT that brings its own; null for every other statement
 */
record ClickHouseStatement(byte[] text, @Nullable String format, byte @Nullable [] data) {
  private static final String BLANK = "\\s++|--[^\\n]*+|#[! ][^\\n]*+|/\\*.*?(?:\\*/|$)";

  /** What can hold a keyword without meaning it, then words, then single characters. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<blank>"
              + BLANK
              + ")|(?<quoted>'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'?"
              + "|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"?"
              + "|`[^`\\\\]*+(?:\\\\.[^`\\\\]*+)*+`?)"
              + "|(?<word>\\w++)"
              + "|(?<sign>.)",
          Pattern.DOTALL);

  private static final Pattern NAME =
      Pattern.compile("(?:" + BLANK + ")++(?<name>\\w++)", Pattern.DOTALL);

  /** What stands between the name of a format and the data. */
  private static final Pattern BEFORE_DATA = Pattern.compile("[ \\t\\f]*\\r?\\n?");

  /**
   * Finds where the statement ends and its data begin.
   *
   * @throws ClickHouseError for more than one statement, and for an INSERT that names neither
   *     format, values nor query
   */
  static ClickHouseStatement parse(byte[] bytes) {
    return new Parser(bytes).parse();
  }

  boolean insertsData() {
    return data != null;
  }

  private static final class Parser {
    /** Each character is a byte. */
    private final String source;

    private final Matcher token;
    private int depth;
    private boolean insert;
    private boolean first = true;
    private boolean ended;
    private @Nullable String format;

    Parser(byte[] bytes) {
      source = new String(bytes, StandardCharsets.ISO_8859_1);
      token = TOKEN.matcher(source);
    }

    ClickHouseStatement parse() {
      while (token.find()) {
        if (token.group("blank") != null) {
          continue;
        }
        if (token.group("sign") != null) {
          sign(token.group("sign").charAt(0));
          continue;
        }
        refuseAfterEnd();
        if (token.group("word") != null && depth == 0) {
          ClickHouseStatement statement = word(token.group("word"));
          if (statement != null) {
            return statement;
          }
        }
      }
      if (insert) {
        throw ClickHouseError.of(
            62, "SYNTAX_ERROR", "Syntax error: an INSERT needs FORMAT, VALUES or SELECT.");
      }
      return new ClickHouseStatement(bytes(source), format, null);
    }

    private void sign(char sign) {
      if (sign == ';') {
        ended = ended || depth == 0;
        return;
      }
      refuseAfterEnd();
      if (sign == '(') {
        depth++;
      } else if (sign == ')') {
        depth--;
      }
    }

    private void refuseAfterEnd() {
      if (ended) {
        throw ClickHouseError.of(
            62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).");
      }
    }

    /** Returns the statement when this word is what its data follow. */
    private @Nullable ClickHouseStatement word(String word) {
      boolean start = first;
      first = false;
      if (start && word.equalsIgnoreCase("INSERT")) {
        insert = true;
      } else if (insert && (word.equalsIgnoreCase("SELECT") || word.equalsIgnoreCase("WITH"))) {
        insert = false;
      } else if (insert && word.equalsIgnoreCase("VALUES")) {
        return withData(token.start(), "Values", token.end());
      } else if (word.equalsIgnoreCase("FORMAT")) {
        return format();
      }
      return null;
    }

    /** The word may also be the function {@code format} or an alias. */
    private @Nullable ClickHouseStatement format() {
      Matcher name = NAME.matcher(source).region(token.end(), source.length());
      if (!name.lookingAt()) {
        return null;
      }
      if (insert) {
        Matcher blank = BEFORE_DATA.matcher(source).region(name.end(), source.length());
        return withData(
            token.start(), name.group("name"), blank.lookingAt() ? blank.end() : name.end());
      }
      format = name.group("name");
      return null;
    }

    private ClickHouseStatement withData(int end, String dataFormat, int dataStart) {
      return new ClickHouseStatement(
          bytes(source.substring(0, end)), dataFormat, bytes(source.substring(dataStart)));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
