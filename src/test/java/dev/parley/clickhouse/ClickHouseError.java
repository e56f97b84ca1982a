package dev.parley.clickhouse;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A statement that ClickHouse refused: its error code, the HTTP status that goes with it, why. */
public final class ClickHouseError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final Pattern CODE = Pattern.compile("Code: ([0-9]+)\\.");

  /** An error's text ends in its name, which the version may follow. */
  private static final Pattern NAME =
      Pattern.compile("\\(([A-Z][A-Z0-9_]+)\\)(?: \\(version [^()]*(?:\\([^()]*\\))?\\))?\\s*$");

  /** The statuses other than 500, from ClickHouse's {@code exceptionCodeToHTTPStatus.cpp}. */
  private static final Map<Integer, Set<String>> STATUSES =
      new TreeMap<>(
          Map.of(
              400,
              Set.of(
                  "BAD_ARGUMENTS",
                  "CANNOT_COMPILE_REGEXP",
                  "CANNOT_PARSE_TEXT",
                  "CANNOT_PARSE_ESCAPE_SEQUENCE",
                  "CANNOT_PARSE_QUOTED_STRING",
                  "CANNOT_PARSE_DATE",
                  "CANNOT_PARSE_DATETIME",
                  "CANNOT_PARSE_NUMBER",
                  "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
                  "CANNOT_PARSE_IPV4",
                  "CANNOT_PARSE_IPV6",
                  "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
                  "CANNOT_PARSE_UUID",
                  "DUPLICATE_COLUMN",
                  "ILLEGAL_COLUMN",
                  "UNKNOWN_ELEMENT_IN_AST",
                  "UNKNOWN_TYPE_OF_AST_NODE",
                  "THERE_IS_NO_COLUMN",
                  "TOO_DEEP_AST",
                  "TOO_BIG_AST",
                  "UNEXPECTED_AST_STRUCTURE",
                  "SYNTAX_ERROR",
                  "INCORRECT_DATA",
                  "TYPE_MISMATCH",
                  "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE"),
              401,
              Set.of("REQUIRED_PASSWORD"),
              403,
              Set.of(
                  "UNKNOWN_USER",
                  "WRONG_PASSWORD",
                  "AUTHENTICATION_FAILED",
                  "SET_NON_GRANTED_ROLE",
                  "ACCESS_DENIED"),
              404,
              Set.of(
                  "UNKNOWN_TABLE",
                  "UNKNOWN_FUNCTION",
                  "UNKNOWN_IDENTIFIER",
                  "UNKNOWN_TYPE",
                  "UNKNOWN_STORAGE",
                  "UNKNOWN_DATABASE",
                  "UNKNOWN_SETTING",
                  "UNKNOWN_DIRECTION_OF_SORTING",
                  "UNKNOWN_AGGREGATE_FUNCTION",
                  "UNKNOWN_FORMAT",
                  "UNKNOWN_DATABASE_ENGINE",
                  "UNKNOWN_TYPE_OF_QUERY",
                  "UNKNOWN_ROLE"),
              408,
              Set.of("TIMEOUT_EXCEEDED"),
              413,
              Set.of("QUERY_IS_TOO_LARGE"),
              415,
              Set.of("UNSUPPORTED_MEDIA_TYPE"),
              501,
              Set.of("NOT_IMPLEMENTED"),
              503,
              Set.of("SOCKET_TIMEOUT", "CANNOT_OPEN_FILE", "CANNOT_SCHEDULE_TASK")));

  private final int code;
  private final int status;

  /**
   * An error as a server told it.
   *
   * @param code of ClickHouse, 0 when it gave none
   * @param status of HTTP
   */
  ClickHouseError(int code, int status, String message) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** The error of an engine's text {@code Code: 60. DB::Exception: … (UNKNOWN_TABLE)}. */
  static ClickHouseError of(String message) {
    Matcher code = CODE.matcher(message);
    Matcher name = NAME.matcher(message);
    return new ClickHouseError(
        code.find() ? Integer.parseInt(code.group(1)) : 1002,
        name.find() ? statusOf(name.group(1)) : 500,
        message);
  }

  /** An error of the interface itself, in the engine's words. */
  static ClickHouseError of(int code, String name, String reason) {
    return of("Code: " + code + ". DB::Exception: " + reason + " (" + name + ")");
  }

  /** Something that a server offers and this one does not. */
  static ClickHouseError notImplemented(String what) {
    return of(48, "NOT_IMPLEMENTED", "The ClickHouse for tests has no " + what + ".");
  }

  private static int statusOf(String name) {
    return STATUSES.entrySet().stream()
        .filter(status -> status.getValue().contains(name))
        .findAny()
        .map(Map.Entry::getKey)
        .orElse(500);
  }

  /** ClickHouse's number of the error, for instance 60 for an unknown table; 0 for none. */
  public int code() {
    return code;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }
}
