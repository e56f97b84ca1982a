package dev.parley.entity.webchat;

/** What an organization answers to every question. */
record OrganizationReply(OrganizationSettings settings) {}
