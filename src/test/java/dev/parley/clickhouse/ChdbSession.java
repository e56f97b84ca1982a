package dev.parley.clickhouse;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection to the engine, for one thread. */
final class ChdbSession implements AutoCloseable {
  private final LibChdb library;
  private final Pointer connectionPointer;
  private final Pointer connection;

  ChdbSession(LibChdb library, Pointer connectionPointer) {
    this.library = library;
    this.connectionPointer = connectionPointer;
    this.connection = connectionPointer.getPointer(0);
  }

  /**
   * Makes a database the current one.
   *
   * @throws ClickHouseError when there is none of that name
   */
  void use(String database) {
    run("USE `" + database.replace("\\", "\\\\").replace("`", "\\`") + "`");
  }

  /**
   * Changes settings for what follows.
   *
   * @throws ClickHouseError for an unknown setting or a value that it can't have
   */
  void set(Map<String, String> settings) {
    for (String name : settings.keySet()) {
      if (!name.matches("\\w+")) {
        throw ClickHouseError.of(115, "UNKNOWN_SETTING", "Unknown setting '" + name + "'.");
      }
    }
    if (!settings.isEmpty()) {
      run(
          settings.entrySet().stream()
              .map(setting -> setting.getKey() + " = " + quoted(setting.getValue()))
              .collect(Collectors.joining(", ", "SET ", "")));
    }
  }

  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void run(String sql) {
    run(
        new ClickHouseStatement(sql.getBytes(StandardCharsets.UTF_8), null, null),
        "TabSeparated",
        Map.of());
  }

  /**
   * Runs a statement to its end.
   *
   * @param format of the result, unless the statement names one
   * @param parameters by name, escaped as in TabSeparated
   * @throws ClickHouseError when the engine refuses it
   */
  ChdbResult run(ClickHouseStatement statement, String format, Map<String, String> parameters) {
    Parameters bound = new Parameters(parameters);
    return statement.insertsData()
        ? insert(statement.text(), statement.format(), statement.data(), bound)
        : query(statement.text(), format, bound);
  }

  private ChdbResult query(byte[] text, String format, Parameters parameters) {
    byte[] formatName = format.getBytes(StandardCharsets.UTF_8);
    return take(
        library.chdb_query_with_params_n(
            connection,
            text,
            text.length,
            formatName,
            formatName.length,
            parameters.names,
            parameters.nameLengths,
            parameters.values,
            parameters.valueLengths,
            parameters.names.length));
  }

  private ChdbResult insert(byte[] text, String format, byte[] data, Parameters parameters) {
    byte[] formatName = format.getBytes(StandardCharsets.UTF_8);
    Pointer stream =
        library.chdb_stream_insert_with_params_n(
            connection,
            text,
            text.length,
            formatName,
            formatName.length,
            parameters.names,
            parameters.nameLengths,
            parameters.values,
            parameters.valueLengths,
            parameters.names.length);
    try {
      refuse(library.chdb_stream_insert_error(stream));
      if (data.length > 0) {
        // A refusal of the bytes is told, with its reason, by the end of the stream.
        library.chdb_stream_append(stream, data, data.length);
      }
      return take(library.chdb_stream_done(stream));
    } finally {
      library.chdb_destroy_insert_stream(stream);
    }
  }

  private ChdbResult take(Pointer result) {
    try {
      refuse(library.chdb_result_error(result));
      long length = library.chdb_result_length(result);
      Pointer buffer = library.chdb_result_buffer(result);
      return new ChdbResult(
          buffer == null ? new byte[0] : buffer.getByteArray(0, Math.toIntExact(length)),
          library.chdb_result_rows_read(result),
          library.chdb_result_storage_rows_read(result),
          library.chdb_result_storage_bytes_read(result),
          library.chdb_result_rows_written(result),
          library.chdb_result_bytes_written(result),
          (long) (library.chdb_result_elapsed(result) * 1e9));
    } finally {
      library.chdb_destroy_query_result(result);
    }
  }

  private static void refuse(@Nullable Pointer error) {
    if (error != null) {
      throw ClickHouseError.of(error.getString(0, "UTF-8"));
    }
  }

  @Override
  public void close() {
    library.chdb_close_conn(connectionPointer);
  }

  /** Names and values in native memory, which lives as long as this object does. */
  private static final class Parameters {
    final Pointer[] names;
    final long[] nameLengths;
    final Pointer[] values;
    final long[] valueLengths;

    Parameters(Map<String, String> parameters) {
      int count = parameters.size();
      names = new Pointer[count];
      nameLengths = new long[count];
      values = new Pointer[count];
      valueLengths = new long[count];
      int i = 0;
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        names[i] = copy(parameter.getKey(), nameLengths, i);
        values[i] = copy(parameter.getValue(), valueLengths, i);
        i++;
      }
    }

    private static Pointer copy(String text, long[] lengths, int index) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      Memory memory = new Memory(bytes.length + 1L);
      memory.write(0, bytes, 0, bytes.length);
      lengths[index] = bytes.length;
      return memory;
    }
  }
}
