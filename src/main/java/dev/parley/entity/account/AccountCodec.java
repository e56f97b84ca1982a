package dev.parley.entity.account;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.parley.entity.account.proto.BrowserSessionSnapshot;
import dev.parley.entity.account.proto.HandOffSnapshot;
import dev.parley.entity.account.proto.OrganizationSnapshot;
import dev.parley.entity.account.proto.UserSnapshot;
import java.time.Instant;
import java.util.Set;

/** Events and snapshots as bytes (accounts.proto). */
final class AccountCodec {
  private static final String SIGNED_UP = "U";
  private static final String ORGANIZATION_GIVEN = "O";
  private static final String CURRENT_CHOSEN = "C";
  private static final String LOGGED_OUT_EVERYWHERE = "G";
  private static final String ESTABLISHED = "E";
  private static final String BEGUN = "B";
  private static final String SLID = "L";
  private static final String LOGGED_OUT = "X";
  private static final String OFFERED = "H";
  private static final String TAKEN = "T";
  private static final String LAPSED = "Z";
  private static final String USER = "u";
  private static final String ORGANIZATION = "o";
  private static final String SESSION = "b";
  private static final String HAND_OFF = "h";

  /** One kind of stored object under its manifest. */
  record Stored(String manifest, MessageLite message) {}

  private AccountCodec() {}

  /**
   * @throws IllegalArgumentException for what is not stored here
   */
  static Stored encode(Object object) {
    if (object instanceof AccountEvent.OfUser event) {
      return ofUser(event);
    }
    if (object instanceof AccountEvent.Established established) {
      return new Stored(
          ESTABLISHED,
          dev.parley.entity.account.proto.Established.newBuilder()
              .setName(established.name())
              .setCredits(established.credits())
              .setFounder(established.founder())
              .build());
    }
    if (object instanceof AccountEvent.OfSession event) {
      return ofSession(event);
    }
    if (object instanceof AccountEvent.OfHandOff event) {
      return ofHandOff(event);
    }
    if (object instanceof AccountState state) {
      return snapshot(state);
    }
    throw new IllegalArgumentException("not stored: " + object.getClass().getName());
  }

  private static Stored ofUser(AccountEvent.OfUser event) {
    if (event instanceof AccountEvent.SignedUp signedUp) {
      return new Stored(
          SIGNED_UP,
          dev.parley.entity.account.proto.SignedUp.newBuilder()
              .setEmail(signedUp.email())
              .setPasswordHash(signedUp.passwordHash())
              .setAt(signedUp.at().toEpochMilli())
              .build());
    }
    if (event instanceof AccountEvent.OrganizationGiven given) {
      return new Stored(
          ORGANIZATION_GIVEN,
          dev.parley.entity.account.proto.OrganizationGiven.newBuilder()
              .setOrganizationId(given.organizationId())
              .build());
    }
    if (event instanceof AccountEvent.CurrentChosen chosen) {
      return new Stored(
          CURRENT_CHOSEN,
          dev.parley.entity.account.proto.CurrentChosen.newBuilder()
              .setOrganizationId(chosen.organizationId())
              .build());
    }
    return new Stored(
        LOGGED_OUT_EVERYWHERE,
        dev.parley.entity.account.proto.LoggedOutEverywhere.getDefaultInstance());
  }

  private static Stored ofSession(AccountEvent.OfSession event) {
    if (event instanceof AccountEvent.Begun begun) {
      return new Stored(
          BEGUN,
          dev.parley.entity.account.proto.Begun.newBuilder()
              .setUserId(begun.userId())
              .setGeneration(begun.generation())
              .setAt(begun.at().toEpochMilli())
              .setExpiresAt(begun.expiresAt().toEpochMilli())
              .build());
    }
    if (event instanceof AccountEvent.Slid slid) {
      return new Stored(
          SLID,
          dev.parley.entity.account.proto.Slid.newBuilder()
              .setAt(slid.at().toEpochMilli())
              .setExpiresAt(slid.expiresAt().toEpochMilli())
              .build());
    }
    return new Stored(LOGGED_OUT, dev.parley.entity.account.proto.LoggedOut.getDefaultInstance());
  }

  private static Stored ofHandOff(AccountEvent.OfHandOff event) {
    if (event instanceof AccountEvent.Offered offered) {
      return new Stored(
          OFFERED,
          dev.parley.entity.account.proto.Offered.newBuilder()
              .setOrganizationId(offered.organizationId())
              .setUserId(offered.userId())
              .setConfig(offered.config())
              .setExpiresAt(offered.expiresAt().toEpochMilli())
              .build());
    }
    if (event instanceof AccountEvent.Taken taken) {
      return new Stored(
          TAKEN,
          dev.parley.entity.account.proto.Taken.newBuilder()
              .setAt(taken.at().toEpochMilli())
              .build());
    }
    return new Stored(
        LAPSED,
        dev.parley.entity.account.proto.Lapsed.newBuilder()
            .setAt(((AccountEvent.Lapsed) event).at().toEpochMilli())
            .build());
  }

  private static Stored snapshot(AccountState state) {
    if (state instanceof User user) {
      UserSnapshot.Builder snapshot =
          UserSnapshot.newBuilder()
              .setEmail(user.email())
              .setPasswordHash(user.passwordHash())
              .setCreatedAt(user.createdAt().toEpochMilli())
              .addAllOrganizations(user.organizations())
              .setGeneration(user.generation());
      if (user.currentOrganization() != null) {
        snapshot.setCurrentOrganization(user.currentOrganization());
      }
      return new Stored(USER, snapshot.build());
    }
    if (state instanceof Organization organization) {
      return new Stored(
          ORGANIZATION,
          OrganizationSnapshot.newBuilder()
              .setName(organization.name())
              .setCredits(organization.credits())
              .addAllMembers(organization.members())
              .build());
    }
    if (state instanceof BrowserSession session) {
      return new Stored(
          SESSION,
          BrowserSessionSnapshot.newBuilder()
              .setUserId(session.userId())
              .setGeneration(session.generation())
              .setSlidAt(session.slidAt().toEpochMilli())
              .setExpiresAt(session.expiresAt().toEpochMilli())
              .build());
    }
    HandOff handOff = (HandOff) state;
    HandOffSnapshot.Builder snapshot =
        HandOffSnapshot.newBuilder()
            .setOrganizationId(handOff.organizationId())
            .setUserId(handOff.userId())
            .setConfig(handOff.config())
            .setExpiresAt(handOff.expiresAt().toEpochMilli());
    if (handOff.takenAt() != null) {
      snapshot.setTakenAt(handOff.takenAt().toEpochMilli());
    }
    if (handOff.lapsedAt() != null) {
      snapshot.setLapsedAt(handOff.lapsedAt().toEpochMilli());
    }
    return new Stored(HAND_OFF, snapshot.build());
  }

  /**
   * @throws IllegalArgumentException when the manifest is unknown or the bytes are not its message
   */
  static Object decode(String manifest, byte[] bytes) {
    try {
      return switch (manifest) {
        case SIGNED_UP -> {
          var stored = dev.parley.entity.account.proto.SignedUp.parseFrom(bytes);
          yield new AccountEvent.SignedUp(
              stored.getEmail(), stored.getPasswordHash(), instant(stored.getAt()));
        }
        case ORGANIZATION_GIVEN ->
            new AccountEvent.OrganizationGiven(
                dev.parley.entity.account.proto.OrganizationGiven.parseFrom(bytes)
                    .getOrganizationId());
        case CURRENT_CHOSEN ->
            new AccountEvent.CurrentChosen(
                dev.parley.entity.account.proto.CurrentChosen.parseFrom(bytes).getOrganizationId());
        case LOGGED_OUT_EVERYWHERE -> new AccountEvent.LoggedOutEverywhere();
        case ESTABLISHED -> {
          var stored = dev.parley.entity.account.proto.Established.parseFrom(bytes);
          yield new AccountEvent.Established(
              stored.getName(), stored.getCredits(), stored.getFounder());
        }
        case BEGUN -> {
          var stored = dev.parley.entity.account.proto.Begun.parseFrom(bytes);
          yield new AccountEvent.Begun(
              stored.getUserId(),
              stored.getGeneration(),
              instant(stored.getAt()),
              instant(stored.getExpiresAt()));
        }
        case SLID -> {
          var stored = dev.parley.entity.account.proto.Slid.parseFrom(bytes);
          yield new AccountEvent.Slid(instant(stored.getAt()), instant(stored.getExpiresAt()));
        }
        case LOGGED_OUT -> new AccountEvent.LoggedOut();
        case OFFERED -> {
          var stored = dev.parley.entity.account.proto.Offered.parseFrom(bytes);
          yield new AccountEvent.Offered(
              stored.getOrganizationId(),
              stored.getUserId(),
              stored.getConfig(),
              instant(stored.getExpiresAt()));
        }
        case TAKEN ->
            new AccountEvent.Taken(
                instant(dev.parley.entity.account.proto.Taken.parseFrom(bytes).getAt()));
        case LAPSED ->
            new AccountEvent.Lapsed(
                instant(dev.parley.entity.account.proto.Lapsed.parseFrom(bytes).getAt()));
        default -> decodeSnapshot(manifest, bytes);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the stored " + manifest + " can't be read", e);
    }
  }

  private static AccountState decodeSnapshot(String manifest, byte[] bytes)
      throws InvalidProtocolBufferException {
    return switch (manifest) {
      case USER -> {
        UserSnapshot stored = UserSnapshot.parseFrom(bytes);
        yield new User(
            stored.getEmail(),
            stored.getPasswordHash(),
            instant(stored.getCreatedAt()),
            stored.getOrganizationsList(),
            stored.hasCurrentOrganization() ? stored.getCurrentOrganization() : null,
            stored.getGeneration());
      }
      case ORGANIZATION -> {
        OrganizationSnapshot stored = OrganizationSnapshot.parseFrom(bytes);
        yield new Organization(
            stored.getName(), stored.getCredits(), Set.copyOf(stored.getMembersList()));
      }
      case SESSION -> {
        BrowserSessionSnapshot stored = BrowserSessionSnapshot.parseFrom(bytes);
        yield new BrowserSession(
            stored.getUserId(),
            stored.getGeneration(),
            instant(stored.getSlidAt()),
            instant(stored.getExpiresAt()));
      }
      case HAND_OFF -> {
        HandOffSnapshot stored = HandOffSnapshot.parseFrom(bytes);
        yield new HandOff(
            stored.getOrganizationId(),
            stored.getUserId(),
            stored.getConfig(),
            instant(stored.getExpiresAt()),
            stored.hasTakenAt() ? instant(stored.getTakenAt()) : null,
            stored.hasLapsedAt() ? instant(stored.getLapsedAt()) : null);
      }
      default -> throw new IllegalArgumentException("unknown manifest '" + manifest + "'");
    };
  }

  private static Instant instant(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
