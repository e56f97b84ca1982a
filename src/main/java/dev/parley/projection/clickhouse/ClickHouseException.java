package dev.parley.projection.clickhouse;

import java.util.Set;

/** ClickHouse has refused a statement, or has not answered. */
public final class ClickHouseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** No answer, so no code. */
  static final int NO_ANSWER = 0;

  static final int ACCESS_DENIED = 497;

  // CANNOT_PARSE_TEXT and its kind, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND, CANNOT_PARSE_NUMBER,
  // INCORRECT_DATA, TOO_LARGE_STRING_SIZE, CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING,
  // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN.
  private static final Set<Integer> REFUSED_VALUES =
      Set.of(6, 25, 26, 27, 33, 38, 41, 53, 69, 72, 117, 131, 190, 349, 441);

  private final int code;

  ClickHouseException(int code, String message) {
    super(message);
    this.code = code;
  }

  ClickHouseException(String message, Throwable cause) {
    super(message, cause);
    this.code = NO_ANSWER;
  }

  /** ClickHouse's own number for what went wrong; 0 when it did not answer. */
  public int code() {
    return code;
  }

  /** Whether it is the data that it refuses: the same will be refused again. */
  boolean isRefusedValue() {
    return REFUSED_VALUES.contains(code);
  }
}
