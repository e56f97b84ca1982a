package dev.parley.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;

/** The agent's jar: its classes, and the way to the library that it uses. */
final class SabotageJar {
  private static final List<Class<?>> CLASSES =
      List.of(
          SabotageAgent.class,
          SabotageAgent.Forgetful.class,
          SabotageAgent.Hasty.class,
          SabotageAgent.Trusting.class,
          SabotageAgent.Deaf.class,
          Sabotage.class);

  private SabotageJar() {}

  /**
   * Writes the jar.
   *
   * @param directory must exist
   * @return the option of the {@code java} command
   */
  static String option(Path directory, Sabotage sabotage) throws IOException {
    Path jar = directory.resolve("sabotage.jar").toAbsolutePath();
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", SabotageAgent.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toString());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> type : CLASSES) {
        add(out, type);
      }
      // The switch over the names of the enum is a class of its own.
      addIfThere(out, SabotageAgent.class.getName().replace('.', '/') + "$1.class");
    }
    return "-javaagent:" + jar + "=" + sabotage.name();
  }

  private static void add(JarOutputStream out, Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    if (!addIfThere(out, name)) {
      throw new IOException("no class file " + name);
    }
  }

  private static boolean addIfThere(JarOutputStream out, String name) throws IOException {
    try (InputStream bytes = SabotageJar.class.getClassLoader().getResourceAsStream(name)) {
      if (bytes == null) {
        return false;
      }
      out.putNextEntry(new JarEntry(name));
      bytes.transferTo(out);
      out.closeEntry();
      return true;
    }
  }
}
