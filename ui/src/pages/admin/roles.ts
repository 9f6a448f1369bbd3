/* The roles and data scopes of the programme, in the order in which they are offered. */
export const ROLES = ["office", "finance", "unit", "village", "warden", "engineer", "teacher", "viewer", "system_admin", "security_admin", "audit_admin"];
export const SCOPES = ["all", "units", "unit", "below", "own"];
