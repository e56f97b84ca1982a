package dev.parley.ops.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The machine: room for data, and how many files and connections may be open. */
public final class MachineExamination implements Callable<List<Check>> {
  public static final String NAME = "machine";

  private static final long DISK_TO_FAIL = 200L << 20;
  private static final long DISK_TO_WARN_OF = 2L << 30;

  /** Each connection is one. */
  private static final long FEW_FILES = 10_000;

  private final Path dataDirectory;

  public MachineExamination(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  @Override
  public List<Check> call() throws IOException {
    return List.of(disk(), openFiles());
  }

  private Check disk() throws IOException {
    String name = "disk";
    Path there = dataDirectory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    FileStore disk = Files.getFileStore(there);
    if (!Files.isWritable(there)) {
      return Check.fail(
          name,
          there + " can't be written",
          "Give this user the right to write there, or set PARLEY_DATA_DIR");
    }
    long free = disk.getUsableSpace();
    String value = String.format(Locale.ROOT, "%.1f GB free for %s", free / 1e9, dataDirectory);
    String remedy = "Make room, or set PARLEY_DATA_DIR to a larger disk";
    if (free < DISK_TO_FAIL) {
      return Check.fail(name, value, remedy);
    }
    return free < DISK_TO_WARN_OF ? Check.warn(name, value, remedy) : Check.ok(name, value);
  }

  private static Check openFiles() {
    String name = "open-files";
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return Check.ok(name, "this system tells no limit");
    }
    long limit = unix.getMaxFileDescriptorCount();
    String value = unix.getOpenFileDescriptorCount() + " of " + limit;
    return limit < FEW_FILES
        ? Check.warn(
            name,
            value,
            "Raise the limit (ulimit -n, LimitNOFILE of systemd) to "
                + FEW_FILES
                + " or more: every connection needs one")
        : Check.ok(name, value);
  }
}
