package dev.parley.entity.account;

import dev.parley.entity.account.proto.Begun;
import dev.parley.entity.account.proto.BrowserSessionSnapshot;
import dev.parley.entity.account.proto.CurrentChosen;
import dev.parley.entity.account.proto.Established;
import dev.parley.entity.account.proto.HandOffSnapshot;
import dev.parley.entity.account.proto.Lapsed;
import dev.parley.entity.account.proto.LoggedOut;
import dev.parley.entity.account.proto.LoggedOutEverywhere;
import dev.parley.entity.account.proto.Offered;
import dev.parley.entity.account.proto.OrganizationGiven;
import dev.parley.entity.account.proto.OrganizationSnapshot;
import dev.parley.entity.account.proto.SignedUp;
import dev.parley.entity.account.proto.Slid;
import dev.parley.entity.account.proto.Taken;
import dev.parley.entity.account.proto.UserSnapshot;
import dev.parley.entity.format.Kinds;
import java.time.Instant;
import java.util.Set;

/** Events and snapshots as bytes (accounts.proto). */
final class AccountCodec {
  static final Kinds KINDS =
      Kinds.builder()
          .add(
              "U",
              AccountEvent.SignedUp.class,
              signedUp ->
                  SignedUp.newBuilder()
                      .setEmail(signedUp.email())
                      .setPasswordHash(signedUp.passwordHash())
                      .setAt(signedUp.at().toEpochMilli())
                      .build(),
              SignedUp.parser(),
              stored ->
                  new AccountEvent.SignedUp(
                      stored.getEmail(), stored.getPasswordHash(), instant(stored.getAt())))
          .add(
              "O",
              AccountEvent.OrganizationGiven.class,
              given ->
                  OrganizationGiven.newBuilder().setOrganizationId(given.organizationId()).build(),
              OrganizationGiven.parser(),
              stored -> new AccountEvent.OrganizationGiven(stored.getOrganizationId()))
          .add(
              "C",
              AccountEvent.CurrentChosen.class,
              chosen ->
                  CurrentChosen.newBuilder().setOrganizationId(chosen.organizationId()).build(),
              CurrentChosen.parser(),
              stored -> new AccountEvent.CurrentChosen(stored.getOrganizationId()))
          .add(
              "G",
              AccountEvent.LoggedOutEverywhere.class,
              event -> LoggedOutEverywhere.getDefaultInstance(),
              LoggedOutEverywhere.parser(),
              stored -> new AccountEvent.LoggedOutEverywhere())
          .add(
              "E",
              AccountEvent.Established.class,
              established ->
                  Established.newBuilder()
                      .setName(established.name())
                      .setCredits(established.credits())
                      .setFounder(established.founder())
                      .build(),
              Established.parser(),
              stored ->
                  new AccountEvent.Established(
                      stored.getName(), stored.getCredits(), stored.getFounder()))
          .add(
              "B",
              AccountEvent.Begun.class,
              begun ->
                  Begun.newBuilder()
                      .setUserId(begun.userId())
                      .setGeneration(begun.generation())
                      .setAt(begun.at().toEpochMilli())
                      .setExpiresAt(begun.expiresAt().toEpochMilli())
                      .build(),
              Begun.parser(),
              stored ->
                  new AccountEvent.Begun(
                      stored.getUserId(),
                      stored.getGeneration(),
                      instant(stored.getAt()),
                      instant(stored.getExpiresAt())))
          .add(
              "L",
              AccountEvent.Slid.class,
              slid ->
                  Slid.newBuilder()
                      .setAt(slid.at().toEpochMilli())
                      .setExpiresAt(slid.expiresAt().toEpochMilli())
                      .build(),
              Slid.parser(),
              stored ->
                  new AccountEvent.Slid(instant(stored.getAt()), instant(stored.getExpiresAt())))
          .add(
              "X",
              AccountEvent.LoggedOut.class,
              event -> LoggedOut.getDefaultInstance(),
              LoggedOut.parser(),
              stored -> new AccountEvent.LoggedOut())
          .add(
              "H",
              AccountEvent.Offered.class,
              offered ->
                  Offered.newBuilder()
                      .setOrganizationId(offered.organizationId())
                      .setUserId(offered.userId())
                      .setConfig(offered.config())
                      .setExpiresAt(offered.expiresAt().toEpochMilli())
                      .build(),
              Offered.parser(),
              stored ->
                  new AccountEvent.Offered(
                      stored.getOrganizationId(),
                      stored.getUserId(),
                      stored.getConfig(),
                      instant(stored.getExpiresAt())))
          .add(
              "T",
              AccountEvent.Taken.class,
              taken -> Taken.newBuilder().setAt(taken.at().toEpochMilli()).build(),
              Taken.parser(),
              stored -> new AccountEvent.Taken(instant(stored.getAt())))
          .add(
              "Z",
              AccountEvent.Lapsed.class,
              lapsed -> Lapsed.newBuilder().setAt(lapsed.at().toEpochMilli()).build(),
              Lapsed.parser(),
              stored -> new AccountEvent.Lapsed(instant(stored.getAt())))
          .add("u", User.class, AccountCodec::toProto, UserSnapshot.parser(), AccountCodec::user)
          .add(
              "o",
              Organization.class,
              organization ->
                  OrganizationSnapshot.newBuilder()
                      .setName(organization.name())
                      .setCredits(organization.credits())
                      .addAllMembers(organization.members())
                      .build(),
              OrganizationSnapshot.parser(),
              stored ->
                  new Organization(
                      stored.getName(), stored.getCredits(), Set.copyOf(stored.getMembersList())))
          .add(
              "b",
              BrowserSession.class,
              session ->
                  BrowserSessionSnapshot.newBuilder()
                      .setUserId(session.userId())
                      .setGeneration(session.generation())
                      .setSlidAt(session.slidAt().toEpochMilli())
                      .setExpiresAt(session.expiresAt().toEpochMilli())
                      .build(),
              BrowserSessionSnapshot.parser(),
              stored ->
                  new BrowserSession(
                      stored.getUserId(),
                      stored.getGeneration(),
                      instant(stored.getSlidAt()),
                      instant(stored.getExpiresAt())))
          .add(
              "h",
              HandOff.class,
              AccountCodec::toProto,
              HandOffSnapshot.parser(),
              AccountCodec::handOff)
          .build();

  private AccountCodec() {}

  private static UserSnapshot toProto(User user) {
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
    return snapshot.build();
  }

  private static User user(UserSnapshot stored) {
    return new User(
        stored.getEmail(),
        stored.getPasswordHash(),
        instant(stored.getCreatedAt()),
        stored.getOrganizationsList(),
        stored.hasCurrentOrganization() ? stored.getCurrentOrganization() : null,
        stored.getGeneration());
  }

  private static HandOffSnapshot toProto(HandOff handOff) {
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
    return snapshot.build();
  }

  private static HandOff handOff(HandOffSnapshot stored) {
    return new HandOff(
        stored.getOrganizationId(),
        stored.getUserId(),
        stored.getConfig(),
        instant(stored.getExpiresAt()),
        stored.hasTakenAt() ? instant(stored.getTakenAt()) : null,
        stored.hasLapsedAt() ? instant(stored.getLapsedAt()) : null);
  }

  private static Instant instant(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
