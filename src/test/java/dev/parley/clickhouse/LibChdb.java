package dev.parley.clickhouse;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code chdb.h} (chdb-core 26.7) in use, under their C names. Texts are passed
 * with their lengths, so they may hold any byte; {@code size_t} is a {@code long}.
 */
interface LibChdb extends Library {
  /**
   * With 0 the engine installs no signal handlers, and also <em>resets</em> the process's own to
   * the default, here and in each {@link #chdb_connect}. The JVM survives that only behind {@code
   * libjsig}, see {@link ChdbEngine}.
   */
  void chdb_set_signal_handlers_enabled(int enabled);

  /** Returns a pointer to the connection, or null with the reason on stderr. */
  @Nullable Pointer chdb_connect(int count, StringArray arguments);

  void chdb_close_conn(Pointer connectionPointer);

  Pointer chdb_query_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer[] names,
      long[] nameLengths,
      Pointer[] values,
      long[] valueLengths,
      long count);

  /** The query has no FORMAT clause and no data. The stream is to be destroyed in any case. */
  Pointer chdb_stream_insert_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer[] names,
      long[] nameLengths,
      Pointer[] values,
      long[] valueLengths,
      long count);

  /** Returns 0 when the bytes were taken. */
  int chdb_stream_append(Pointer stream, byte[] data, long length);

  /** Commits; the result tells of an error in what was appended. */
  Pointer chdb_stream_done(Pointer stream);

  @Nullable Pointer chdb_stream_insert_error(Pointer stream);

  void chdb_destroy_insert_stream(Pointer stream);

  @Nullable Pointer chdb_result_buffer(Pointer result);

  long chdb_result_length(Pointer result);

  @Nullable Pointer chdb_result_error(Pointer result);

  double chdb_result_elapsed(Pointer result);

  long chdb_result_rows_read(Pointer result);

  long chdb_result_storage_rows_read(Pointer result);

  long chdb_result_storage_bytes_read(Pointer result);

  long chdb_result_rows_written(Pointer result);

  long chdb_result_bytes_written(Pointer result);

  void chdb_destroy_query_result(Pointer result);
}
