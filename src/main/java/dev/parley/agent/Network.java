package dev.parley.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses: those whose first bits are the same.
 *
 * @param prefix a literal address; an IPv4 address mapped into IPv6 is that IPv4 address
 * @param bits how many of its bits count
 */
public record Network(InetAddress prefix, int bits) {
  /** Literal addresses alone, so that parsing never asks a name server. */
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

  /**
   * @throws IllegalArgumentException when the number of bits does not suit the address
   */
  public Network {
    int width = 8 * prefix.getAddress().length;
    if (bits < 0 || bits > width) {
      throw new IllegalArgumentException(
          "the network has " + bits + " bits; it must be from 0 to " + width);
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address.
   *
   * @throws IllegalArgumentException when the text is no network
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      if (LITERAL.matcher(address).matches()) {
        InetAddress prefix = InetAddress.getByName(address);
        int width = 8 * prefix.getAddress().length;
        return new Network(prefix, slash < 0 ? width : Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (UnknownHostException | NumberFormatException e) {
      // The text below says what is wrong.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no network; write it as 10.0.0.0/8, fd00::/8 or 192.0.2.7");
  }

  /** Whether the address is in it. */
  public boolean contains(InetAddress address) {
    byte[] mine = prefix.getAddress();
    byte[] other = address.getAddress();
    int whole = bits / 8;
    if (mine.length != other.length || !Arrays.equals(mine, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((mine[whole] ^ other[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /** Whether it is one address. */
  public boolean isSingle() {
    return bits == 8 * prefix.getAddress().length;
  }

  @Override
  public String toString() {
    return prefix.getHostAddress() + "/" + bits;
  }
}
