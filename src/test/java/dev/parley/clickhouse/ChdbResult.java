package dev.parley.clickhouse;

/**
 * What a statement gave: the rows as text or bytes of the wanted format, and what it took.
 *
 * @param rows of the result
 */
record ChdbResult(
    byte[] body,
    long rows,
    long readRows,
    long readBytes,
    long writtenRows,
    long writtenBytes,
    long elapsedNanos) {
  /** The value of the header {@code X-ClickHouse-Summary}. */
  String summary() {
    return ("{\"read_rows\":\"%d\",\"read_bytes\":\"%d\","
            + "\"written_rows\":\"%d\",\"written_bytes\":\"%d\",\"total_rows_to_read\":\"0\","
            + "\"result_rows\":\"%d\",\"result_bytes\":\"%d\",\"elapsed_ns\":\"%d\"}")
        .formatted(readRows, readBytes, writtenRows, writtenBytes, rows, body.length, elapsedNanos);
  }
}
