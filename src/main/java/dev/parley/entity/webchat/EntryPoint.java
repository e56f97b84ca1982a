package dev.parley.entity.webchat;

/**
 * What an event leads to (web-runtime.md section 5).
 *
 * @param agentId who answers the visitors
 * @param organizationId whose visitors they are
 * @param published whether visitors may enter
 */
public record EntryPoint(String agentId, String organizationId, boolean published) {}
